import threading
import time

import pytest

from answers import collect_from, row, rows
from assaybook.collect.buckets import (
    LEAST_RATE,
    LONGEST_PAUSE,
    SHARE,
    Bucket,
    bucket_for,
    bucket_name,
    documented_rates,
)
from assaybook.collect.dispatch import Dispatcher
from assaybook.plan.aws import CALLS


def sent_within(bucket, seconds, start=100.0):
    """How many requests a bucket lets through in a time, asked as often as it allows."""
    now, count = start, 0
    while (now := bucket.ready_at(now)) < start + seconds:
        bucket.sent(now)
        count += 1
        assert count < 100_000
    return count


@pytest.mark.parametrize("rate", [0.5, 2.5, 15.0, 100.0])
def test_a_bucket_keeps_its_rate_and_bursts_less_than_a_second_of_it(rate):
    bucket = Bucket(rate, rate * SHARE)
    assert sent_within(bucket, 60) <= rate * 61
    assert sent_within(Bucket(rate, rate * SHARE), 60) >= rate * SHARE * 60
    assert sent_within(Bucket(rate, rate * SHARE), 0.001) <= rate * 0.8 + 1


def test_a_bucket_without_a_limit_sends_at_once():
    assert Bucket().ready_at(5.0) == 5.0


def test_throttling_falls_back_to_the_documented_rate_first():
    bucket = bucket_for("lambda:GetPolicy", documented=False)
    assert bucket.rate is None
    bucket.throttled(10.0, 0.25)
    assert bucket.rate == pytest.approx(15 * SHARE)
    assert bucket.ready_at(10.0) == pytest.approx(10.25)
    bucket.throttled(20.0, 0.25)
    assert bucket.rate < 15 * SHARE * 0.7


def test_refusals_of_what_was_sent_before_a_pause_lower_nothing_more():
    bucket = bucket_for("lambda", documented=True)
    bucket.throttled(10.0, 0.25)
    lowered = bucket.rate
    for _ in range(30):
        bucket.throttled(10.1, 0.25)
    assert bucket.rate == lowered


def test_a_bucket_never_stops_altogether_and_recovers_to_its_limit():
    bucket = bucket_for("lambda", documented=True)
    for number in range(50):
        bucket.throttled(100.0 * number, 0.25)
    assert bucket.rate == LEAST_RATE
    assert bucket.paused_until <= 100.0 * 49 + LONGEST_PAUSE
    for _ in range(500):
        bucket.answered()
    assert bucket.rate == pytest.approx(15 * SHARE)


def test_a_service_without_a_documented_rate_learns_one():
    bucket = bucket_for("s3", documented=True)
    assert bucket.rate is None
    for number in range(60):
        bucket.sent(10.0 + number / 60)
    bucket.throttled(11.0, 0.25)
    assert 5 < bucket.rate < 40


def test_rows_know_their_bucket():
    assert bucket_name(row("lambda:GetFunction")) == "lambda:GetFunction"
    assert bucket_name(row("lambda:GetPolicy/alias")) == "lambda:GetPolicy"
    assert bucket_name(row("lambda:ListAliases")) == "lambda"
    assert bucket_name(row("apigateway:GetResources")) == "apigateway:GetResources"
    assert set(documented_rates()) <= {bucket_name(call) for call in CALLS}


def dispatched(jobs, *, workers=4, in_bucket=4, bucket=lambda key: Bucket(), work=lambda job: job):
    finished = []
    dispatcher = Dispatcher(
        workers=workers,
        in_bucket=in_bucket,
        bucket=bucket,
        start=lambda job: lambda: work(job),
        finished=lambda job, result: finished.append((job, result)),
    )
    for key, job in jobs:
        dispatcher.add(key, job)
    dispatcher.run(lambda: None)
    return finished


def test_every_job_is_done_once():
    jobs = [(number % 7, number) for number in range(500)]
    assert sorted(job for job, _ in dispatched(jobs)) == list(range(500))


def test_no_more_run_at_once_than_allowed():
    running, most, lock = 0, [], threading.Lock()

    def work(job):
        nonlocal running
        with lock:
            running += 1
            most.append(running)
        time.sleep(0.002)
        with lock:
            running -= 1

    dispatched([("a", number) for number in range(60)], workers=8, in_bucket=3, work=work)
    assert max(most) == 3


def test_a_slow_bucket_does_not_hold_up_a_free_one():
    slow = Bucket(20.0, 20.0)
    slow.paused_until = time.monotonic() + 0.3
    order = dispatched(
        [*(("slow", f"slow {number}") for number in range(8)), *(("free", f"free {number}") for number in range(50))],
        bucket=lambda key: slow if key == "slow" else Bucket(),
        workers=2,
    )
    assert all(job.startswith("free") for job, _ in order[:50])


def test_what_a_worker_raises_ends_the_run():
    def work(job):
        if job == 3:
            raise ZeroDivisionError
        return job

    with pytest.raises(ZeroDivisionError):
        dispatched([("a", number) for number in range(10)], work=work)


def test_a_job_that_is_added_later_waits():
    times = []
    dispatcher = Dispatcher(
        workers=2,
        in_bucket=2,
        bucket=lambda key: Bucket(),
        start=lambda job: lambda: times.append(time.monotonic()),
        finished=lambda *_: None,
    )
    began = time.monotonic()
    dispatcher.add("a", "later", after=0.1)
    dispatcher.run(lambda: None)
    assert 0.1 <= times[0] - began < 1.0


def test_calls_are_made_at_once():
    barrier = threading.Barrier(8, timeout=10)

    def answers(name, params, region):
        if name == "lambda:ListFunctions":
            return {"Functions": [{"FunctionName": f"f{number}", "Version": "$LATEST"} for number in range(8)]}
        if name == "lambda:GetFunction":
            barrier.wait()
        return None

    collect_from(answers, calls=rows("lambda:ListFunctions", "lambda:GetFunction"))
