"""One lane: carries out its recipes one after another and puts each candidate into the store as it is finished."""

import time
from collections.abc import Sequence

import torch

from compression.measurement.graph import graph_facts
from compression.methods.carry_out import Made, Step, carry_out
from compression.methods.materials import Materials
from compression.store.files import sha256_of
from compression.store.recipes import DistillThenQuantize, LaneName, Recipe, family_of, id_of, name_of
from compression.store.records import Candidate, Study
from compression.store.store import Store
from compression.studies.telling import Teller


class Lane:
    """The work of one lane of a study; ``reference`` is how many seconds each candidate took in an earlier one."""

    def __init__(
        self, store: Store, study: Study, name: LaneName, materials: Materials, reference: dict[str, float]
    ) -> None:
        self._store, self._study, self._name, self._materials = store, study, name, materials
        self._reference = reference
        self._teller = Teller(store=store, study=study.id, lane=name)

    def carry_out(self, recipes: Sequence[Recipe]) -> None:
        """Make one candidate after another."""
        clock = RemainingTime([id_of(recipe) for recipe in recipes], self._reference)
        for recipe in recipes:
            made = self._make(recipe, clock)
            self._store.put_candidate(self._study.id, self._candidate(recipe, made))

    def _make(self, recipe: Recipe, clock: "RemainingTime") -> Made:
        candidate = id_of(recipe)
        made: Made | None = None
        for event in carry_out(recipe, self._materials):
            # The share may have grown since: the other lane leaves its threads when it ends.
            torch.set_num_threads(self._store.share(self._study.id, self._name))
            match event:
                case Step():
                    self._teller.tell(
                        event.stage,
                        event.done,
                        candidate=candidate,
                        validation_accuracy=event.validation_accuracy,
                        remaining_seconds=clock.remaining(candidate, event.done),
                    )
                case Made():
                    made = event
        if made is None:
            raise AssertionError(f"{candidate} was carried out without a result")
        return made

    def _candidate(self, recipe: Recipe, made: Made) -> Candidate:
        """The record of a finished file, not yet measured."""
        facts = graph_facts(made.artefact)
        content = made.artefact.read_bytes()
        build_seconds, needs = made.seconds, made.needs
        if isinstance(recipe, DistillThenQuantize):
            # Whoever wants this file has to make the student first.
            made_before = self._store.candidates(self._study.id)
            student = next(candidate for candidate in made_before if candidate.id == id_of(recipe.distill))
            build_seconds, needs = build_seconds + student.build_seconds, student.needs
        return Candidate(
            id=id_of(recipe),
            name=name_of(recipe),
            family=family_of(recipe),
            recipe=recipe,
            artefact=f"artefacts/{made.artefact.name}",
            sha256=sha256_of(content),
            size_bytes=len(content),
            parameters=facts.parameters,
            macs=facts.macs,
            build_seconds=build_seconds,
            needs=needs,
            validation_accuracy=made.validation_accuracy,
        )


class RemainingTime:
    """How long a lane still needs, from its own pace so far and the proportions of an earlier study."""

    # Below this share of the work, the pace says more about starting up than about what is to come.
    ENOUGH_TO_GO_BY = 0.02

    def __init__(self, order: Sequence[str], reference: dict[str, float]) -> None:
        self._order = tuple(order)
        typical = sum(reference.values()) / len(reference) if reference else 1.0
        self._weights = {name: reference.get(name, typical) for name in order}
        self._started = time.monotonic()

    def remaining(self, current: str, done: float) -> float | None:
        """Seconds left when ``done`` (0..1) of the current recipe is behind us; None while it is too early to tell."""
        before = self._order[: self._order.index(current)]
        behind = sum(self._weights[name] for name in before) + done * self._weights[current]
        total = sum(self._weights.values())
        if behind < self.ENOUGH_TO_GO_BY * total:
            return None
        return (time.monotonic() - self._started) * (total - behind) / behind
