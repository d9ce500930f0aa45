"""Curves as an SVG picture: enough for lines over axes, without a library for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

__all__ = ["Line", "bars", "lines"]

_WIDTH, _HEIGHT = 720, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 34, 44
_COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e5aa8", "#b8860b")
_TICKS = 5

Line = tuple[str, Sequence[tuple[float, float]]]
"""A name, and points of x and y."""


def lines(title: str, x: str, y: str, drawn: Sequence[Line], *, logarithmic: bool = False) -> str:
    """Lines over two axes. `logarithmic`: both axes; then everything is above 0. Raises ValueError: no points."""
    points = [point for _, some in drawn for point in some]
    if not points:
        raise ValueError(f"{title}: no points")
    across = _Axis.over([px for px, _ in points], _LEFT, _WIDTH - _RIGHT, logarithmic=logarithmic)
    up = _Axis.over([py for _, py in points], _HEIGHT - _BOTTOM, _TOP, logarithmic=logarithmic, from_zero=True)
    parts = [_frame(title, x, y, across, up)]
    for number, (name, some) in enumerate(drawn):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{across.at(px):.1f},{up.at(py):.1f}" for px, py in some)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        if logarithmic:
            parts += [
                f'<circle cx="{across.at(px):.1f}" cy="{up.at(py):.1f}" r="3" fill="{colour}"/>' for px, py in some
            ]
        if name:
            parts.append(_text(_LEFT + 10 + 170 * number, _TOP - 4, name, colour=colour))
    return _picture(parts)


def bars(title: str, rows: Sequence[tuple[str, float, float, float]], unit: str) -> str:
    """A bar for each row: its name, its median, and the lowest and the highest value as a thin line."""
    highest = max(high for *_, high in rows)
    height = _TOP + 26 * len(rows) + 12
    width = _WIDTH - 330 - 90
    parts = [_text(12, 20, title, size=13)]
    for number, (name, median, low, high) in enumerate(rows):
        y = _TOP + 26 * number
        parts.append(_text(322, y + 13, name, anchor="end"))
        parts.append(f'<rect x="330" y="{y}" width="{width * median / highest:.1f}" height="16" fill="{_COLOURS[0]}"/>')
        spread = f'x1="{330 + width * low / highest:.1f}" x2="{330 + width * high / highest:.1f}"'
        parts.append(f'<line {spread} y1="{y + 8}" y2="{y + 8}" stroke="#222" stroke-width="1.2"/>')
        parts.append(_text(336 + width * high / highest, y + 13, f"{median:.3g} {unit}".strip()))
    return _picture(parts, height)


class _Axis:
    """Places values between two pixels."""

    def __init__(self, low: float, high: float, begin: float, end: float, *, logarithmic: bool) -> None:
        self._low, self._high, self._begin, self._end, self._log = low, high, begin, end, logarithmic

    @classmethod
    def over(
        cls, values: Sequence[float], begin: float, end: float, *, logarithmic: bool, from_zero: bool = False
    ) -> _Axis:
        low, high = min(values), max(values)
        if logarithmic:
            low, high = 10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high))
        elif from_zero:
            low = min(0.0, low)
        return cls(low, high if high > low else low + 1, begin, end, logarithmic=logarithmic)

    def at(self, value: float) -> float:
        low, high = self._low, self._high
        if self._log:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        return self._begin + (self._end - self._begin) * (value - low) / (high - low)

    def ticks(self) -> list[float]:
        if self._log:
            first, last = round(math.log10(self._low)), round(math.log10(self._high))
            return [10.0**power for power in range(first, last + 1)]
        step = _round_step((self._high - self._low) / _TICKS)
        first = math.ceil(self._low / step)
        return [number * step for number in range(first, math.floor(self._high / step + 1e-9) + 1)]


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= step)


def _frame(title: str, x: str, y: str, across: _Axis, up: _Axis) -> str:
    parts = [_text(12, 14, title, size=13)]
    for tick in up.ticks():
        at = up.at(tick)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(_text(_LEFT - 6, at + 4, _number(tick), anchor="end"))
    for tick in across.ticks():
        at = across.at(tick)
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{_HEIGHT - _BOTTOM}" y2="{_HEIGHT - _BOTTOM + 4}" stroke="#444"/>'
        )
        parts.append(_text(at, _HEIGHT - _BOTTOM + 17, _number(tick), anchor="middle"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, x, anchor="middle"))
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(_text(14, middle, y, anchor="middle", more=f' transform="rotate(-90 14 {middle:.0f})"'))
    return "".join(parts)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1 or value == 0 else f"{value:.3g}"


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = 11, colour: str = "#222", more: str = ""
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{more}>'
        f"{escape(words)}</text>"
    )


def _picture(parts: Sequence[str], height: int = _HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )
