from compression.studies.lanes import LaneShare, divide_cores


def test_two_lanes_on_two_cores_have_one_each() -> None:
    assert divide_cores(2, {"distillation": 6, "quantization": 2}) == {
        "distillation": LaneShare(processes=1, threads=1),
        "quantization": LaneShare(processes=1, threads=1),
    }


def test_what_an_ended_lane_leaves_starts_a_second_process_in_the_other() -> None:
    assert divide_cores(2, {"distillation": 5, "quantization": 0}) == {
        "distillation": LaneShare(processes=2, threads=1)
    }


def test_the_last_candidate_has_all_the_threads() -> None:
    assert divide_cores(8, {"distillation": 1, "quantization": 0}) == {
        "distillation": LaneShare(processes=1, threads=8)
    }


def test_an_odd_core_is_not_left_idle() -> None:
    assert divide_cores(3, {"distillation": 6, "quantization": 2})["distillation"] == LaneShare(processes=2, threads=1)


def test_no_more_threads_are_given_than_there_are_cores() -> None:
    for cores in range(2, 65):
        shares = divide_cores(cores, {"distillation": 5, "quantization": 2})
        assert sum(share.processes * share.threads for share in shares.values()) <= cores


def test_one_core_still_works_in_both_lanes() -> None:
    assert set(divide_cores(1, {"distillation": 6, "quantization": 2}).values()) == {LaneShare(processes=1, threads=1)}


def test_a_fixed_number_of_threads_stays_whatever_else_is_at_work() -> None:
    fixed = LaneShare(processes=1, threads=3)
    assert divide_cores(16, {"distillation": 6, "quantization": 2}, threads_per_lane=3)["distillation"] == fixed
    assert divide_cores(16, {"distillation": 6, "quantization": 0}, threads_per_lane=3) == {"distillation": fixed}
