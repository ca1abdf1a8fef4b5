import factory
from django.utils import timezone

from appointments import models
from tests.factories.accounts import UserFactory
from tests.factories.appointments import ServiceItemFactory
from tests.factories.centers import CenterFactory, ResidentFactory


class CaseFactory(factory.django.DjangoModelFactory):
    """A row; open one through the service where its stages, papers and clocks matter."""

    class Meta:
        model = models.Case

    center = factory.SubFactory(CenterFactory)
    item = factory.SubFactory(ServiceItemFactory)
    resident = factory.SubFactory(ResidentFactory)
    source = models.Source.WALK_IN
    code = factory.Sequence(lambda number: str(100_000 + number % 900_000))
    key = factory.Faker("uuid4")
    phone = factory.SelfAttribute("resident.phone")
    first_owner = factory.SubFactory(UserFactory)
    owner = factory.SelfAttribute("first_owner")
    opened_at = factory.LazyFunction(timezone.now)

    class Params:
        done = factory.Trait(
            accepted_at=factory.SelfAttribute("opened_at"),
            accepted_as="complete",
            closed_at=factory.LazyFunction(timezone.now),
            outcome="done",
        )


class CaseMaterialFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CaseMaterial

    case = factory.SubFactory(CaseFactory)
    name = factory.Sequence(lambda number: f"材料{number}")


class CaseStageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CaseStage

    case = factory.SubFactory(CaseFactory)
    number = 1
    level = models.Level.VILLAGE
    keeper = factory.LazyAttribute(lambda stage: "village" if stage.level == "department" else stage.level)
    owner = factory.SelfAttribute("case.owner")


class CasePauseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CasePause

    stage = factory.SubFactory(CaseStageFactory)
    reason = models.CasePause.Reason.PUBLICITY
    evidence = "公示第3号，张贴在村务栏"
    started_by = factory.SubFactory(UserFactory)


class CaseTransferFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CaseTransfer

    case = factory.SubFactory(CaseFactory)
    from_user = factory.SubFactory(UserFactory)
    to_user = factory.SubFactory(UserFactory)
    kind = models.CaseTransfer.Kind.TAKEOVER
    reason = "经办人请假"
    by = factory.SelfAttribute("to_user")


class CaseStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CaseStep

    case = factory.SubFactory(CaseFactory)
    kind = models.CaseStep.Kind.OPENED
    level = models.Level.VILLAGE
    by = factory.SelfAttribute("case.owner")
