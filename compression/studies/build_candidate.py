"""The work in a lane: carries a recipe out, tells how it goes, puts the finished candidate into the store, tests it."""

import torch

from compression.errors import CandidateFailed
from compression.measurement.graph.download_size import download_bytes
from compression.measurement.graph.facts import graph_facts
from compression.measurement.graph.traffic import traffic
from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import BuildProgress, Built
from compression.methods.quantization.scorer import Scorer
from compression.records.naming import id_of, name_of
from compression.records.recipes import LaneName, Original, Quantize, Recipe, family_of
from compression.records.study import Candidate, Study
from compression.store.files import sha256_of
from compression.store.studies import Store
from compression.studies.presets import preset_named
from compression.studies.progress import SECONDS_BETWEEN_UPDATES, ProgressWriter, at_most_every
from compression.studies.testing import first_look, put_to_test


class CandidateBuilder:
    """One process's hand in a lane of a study."""

    def __init__(self, store: Store, study: Study, name: LaneName, context: BuildContext) -> None:
        self._store, self._study, self._name, self._materials = store, study, name, context
        self._progress = ProgressWriter(store=store, study=study.id, lane=name)
        self._scorer = Scorer(context.dataset.validation, threads=self._threads)

    def build(self, recipe: Recipe) -> None:
        """Make one candidate. One whose accuracy nobody has an idea of gets a first look."""
        made = self._make(recipe)
        candidate = self._candidate(recipe, made)
        known = {each.candidate for each in self._store.results.beforehand(self._study.id) if each.test_accuracy}
        if candidate.validation_accuracy is None and candidate.id not in known:
            self._look_at(candidate, made.first_look)
        self._store.results.put_candidate(self._study.id, candidate)

    def test(self, candidate: Candidate) -> None:
        """Ask a finished file for its answers to the test set."""

        def tell(done: float) -> None:
            self._progress.write("checking accuracy", done, candidate=candidate.id)

        tell(0.0)
        preset = preset_named(self._study.preset)
        put_to_test(
            self._store,
            self._study,
            candidate,
            self._materials.dataset,
            preset,
            threads=self._threads(),
            on_progress=at_most_every(SECONDS_BETWEEN_UPDATES, tell),
        )

    def _look_at(self, candidate: Candidate, seen: float | None) -> None:
        if seen is None:
            file = self._store.folder(self._study.id) / candidate.artefact
            seen = first_look(file, candidate.macs, self._materials.dataset, threads=self._threads())
        self._progress.write("first look", 1.0, candidate=candidate.id, validation_accuracy=seen)

    def _threads(self) -> int:
        # The number may have grown since: a lane that has ended leaves its threads to the other.
        return self._store.claims.threads(self._study.id, self._name)

    def _make(self, recipe: Recipe) -> Built:
        candidate = id_of(recipe)
        made: Built | None = None
        for event in build(recipe, self._materials, self._scorer):
            torch.set_num_threads(self._threads())
            match event:
                case BuildProgress():
                    self._progress.write(
                        event.stage,
                        event.done,
                        candidate=candidate,
                        validation_accuracy=event.validation_accuracy,
                        batch_size=event.batch_size,
                    )
                case Built():
                    made = event
        if made is None:
            raise AssertionError(f"{candidate} was carried out without a result")
        return made

    def _candidate(self, recipe: Recipe, made: Built) -> Candidate:
        """The record of a finished file, not yet measured."""
        facts = graph_facts(made.artefact)
        content = made.artefact.read_bytes()
        build_seconds, needs = made.seconds, made.needs
        if isinstance(recipe, Quantize) and not isinstance(recipe.source, Original):
            # Whoever wants this file has to make the student first.
            made_before = self._store.results.candidates(self._study.id)
            student = next((candidate for candidate in made_before if candidate.recipe == recipe.source), None)
            if student is None:
                raise CandidateFailed(f"The {name_of(recipe.source)} turned out to be no use when it was tested.")
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
            download_bytes=download_bytes(made.artefact),
            traffic=traffic(made.artefact),
            build_seconds=build_seconds,
            needs=needs,
            validation_accuracy=made.validation_accuracy,
            validation_repeats=made.validation_repeats,
            short_of_memory=made.short_of_memory,
            check=made.check,
        )
