"""What costs much is declared once, and has so many places in a process."""

from __future__ import annotations

import gc
import threading

from ckanext.satudata_pontianak.surface import rates


def test_every_rate_is_one_and_lets_a_class_of_forty_work() -> None:
    for kind in rates.rates().kinds:
        assert all(item.amount >= 40 for item in kind.items()), kind.name
        assert rates.kind(kind.name) is kind


def test_a_request_is_known_by_its_endpoint_or_by_the_action_that_it_calls() -> None:
    assert rates.kind_of("dataset.search").name == "searches"
    assert rates.kind_of("api.action", "package_search").name == "searches"
    assert rates.kind_of("api.action", "status_show") is None
    assert rates.kind_of("home.about") is None
    assert rates.kind_of(None) is None


def test_some_wait_for_a_place_and_others_are_told_at_once() -> None:
    places = rates.Places(1, waiting=1)
    held = places.take()
    assert held is not None
    got: list[rates.Place | None] = []
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        got.append(places.take(patience=60))

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun.wait()
    while places.room:  # until it really waits
        pass
    assert places.take(patience=60) is None  # there is no room to wait for a second one
    held.give()
    waiting.join()
    (place,) = got
    assert place is not None
    assert places.take(patience=0.001) is None
    place.give()
    assert places.take() is not None


def test_a_place_is_given_back_once_whoever_forgets_it() -> None:
    places = rates.Places(2)
    one, other = places.take(), places.take()
    assert None not in (one, other)
    assert places.take() is None
    one.give()
    one.give()
    again = places.take()
    assert again is not None
    assert places.take() is None
    del other, again
    gc.collect()
    assert places.take() is not None
