from compression.records.objectives import Dist
from compression.records.students import Student
from compression.records.study import Options
from compression.report.provenance import origin_of, remake_command
from tests.constructed import ORIGINAL, candidate, document


def test_the_origin_names_model_dataset_machine_and_date() -> None:
    origin = origin_of(document(candidate(ORIGINAL)), recorded=True)

    assert "ResNet-18 on Fashion-MNIST" in origin
    assert "recorded on 2 January 2026" in origin
    assert "Test processor" in origin


def test_the_command_to_do_it_again_keeps_the_seed_and_the_options() -> None:
    study = document(candidate(ORIGINAL)).study.model_copy(update={"seed": 7, "options": Options(threads_per_lane=1)})

    assert remake_command(study, "my folder") == (
        "python -m compression run --model resnet18 --dataset fashion-mnist --preset quick --seed 7 "
        "--threads-per-lane 1 --out 'my folder'"
    )
    taught = study.model_copy(
        update={
            "options": Options(
                students=(Student(size="100 KB", architecture="separable", width=8),),
                objective=Dist(temperature=2.5),
                epochs=12,
            )
        }
    )
    assert remake_command(taught).endswith(
        "--seed 7 --objective dist --temperature 2.5 --labels-share 0.2 --epochs 12 --student '100 KB separable' "
        "--out DIR"
    )
