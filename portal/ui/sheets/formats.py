"""The import and export formats of django-import-export, xlsx and csv, with our checks and escaping."""

from collections.abc import Iterable

from import_export.formats.base_formats import Format
from tablib import Dataset

from portal.ui.sheets import reading, safe

# Extra column with a row's place in the file (reading.Where), for error messages.
ROW = "#"


class Uploaded(Dataset):
    notes: list[str]  # what to know before it is imported


class SheetFormat(Format):
    suffix = ""
    content_type = ""

    def __init__(self, encoding: str | None = None, known: Iterable[str] = (), required: Iterable[str] = ()) -> None:
        self.known, self.required = list(known), list(required)

    def get_title(self) -> str:
        return self.suffix

    def get_extension(self) -> str:
        return self.suffix

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, data: bytes) -> Uploaded:
        """Parses a file. Raises RuleBroken for one that cannot be read."""
        sheet = reading.read(data, f"upload.{self.suffix}", self.known, self.required)
        uploaded = Uploaded(*([where, *cells] for where, cells in sheet.rows), headers=[ROW, *sheet.headers])
        uploaded.notes = sheet.notes
        return uploaded


class Xlsx(SheetFormat):
    suffix = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: Dataset, **kwargs) -> bytes:
        return safe.xlsx_bytes(dataset.headers, dataset)


class Csv(SheetFormat):
    suffix = "csv"
    content_type = "text/csv"

    def export_data(self, dataset: Dataset, **kwargs) -> bytes:
        return safe.csv_bytes(dataset.headers, dataset)
