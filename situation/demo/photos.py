"""Draws the photos of the demonstration: small pictures of houses that nobody lives in."""

import io

from PIL import Image, ImageDraw, ImageFont

from situation.demo.dice import Dice

WIDTH, HEIGHT = 640, 480
SKIES = ((168, 190, 210), (196, 205, 212), (150, 170, 195), (214, 208, 196))
WALLS = ((196, 178, 150), (176, 168, 160), (203, 193, 170), (160, 142, 128))
ROOFS = ((120, 70, 56), (90, 96, 104), (134, 108, 80))
MARK = "Invented for demonstration"


def house(dice: Dice) -> bytes:
    """Return a JPEG of a house, with its mark in the picture."""
    ground = HEIGHT * 2 // 3
    image = Image.new("RGB", (WIDTH, HEIGHT), _one_of(dice, SKIES))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, ground, WIDTH, HEIGHT), fill=(126, 128, 112))
    left, width, tall = dice.between(120, 200), dice.between(240, 300), dice.between(120, 170)
    right, top, bottom = left + width, ground - tall + 30, ground + 30
    draw.rectangle((left, top, right, bottom), fill=_one_of(dice, WALLS))
    peak = (left + width // 2, top - dice.between(50, 90))
    draw.polygon(((left - 20, top), peak, (right + 20, top)), fill=_one_of(dice, ROOFS))
    for number in range(3):
        x = left + 30 + number * (width - 90) // 2
        covered = dice.chance(0.3)
        pane = (90, 112, 134) if not covered else (222, 220, 208)
        draw.rectangle((x, top + 30, x + 36, top + 74), fill=pane, outline=(70, 66, 60), width=3)
    draw.rectangle((0, HEIGHT - 44, WIDTH, HEIGHT), fill=(40, 44, 48))
    draw.text((16, HEIGHT - 36), MARK, fill=(255, 255, 255), font=ImageFont.load_default(22))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def _one_of(dice: Dice, colours: tuple[tuple[int, int, int], ...]) -> tuple[int, int, int]:
    return dice.pick(dict.fromkeys(colours, 1))
