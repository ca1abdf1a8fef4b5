"""An app that joins the portal by settings alone: what it adds to each registry stands in `tables`."""
