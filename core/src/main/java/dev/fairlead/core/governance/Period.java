package dev.fairlead.core.governance;

/**
 * How long a window lasts, as written in {@code reset_duration}: a number and one of {@code m h d w
 * M Q Y}.
 *
 * @param count at least 1
 */
public record Period(int count, Unit unit) {
  /** Units, with the letter they are written with. */
  public enum Unit {
    MINUTE('m'),
    HOUR('h'),
    DAY('d'),
    WEEK('w'),
    MONTH('M'),
    QUARTER('Q'),
    YEAR('Y');

    private final char letter;

    Unit(char letter) {
      this.letter = letter;
    }

    /** The letter of {@code reset_duration}. */
    public char letter() {
      return letter;
    }
  }

  public Period {
    if (count < 1) {
      throw new IllegalArgumentException("a period lasts at least one unit");
    }
  }

  @Override
  public String toString() {
    return count + String.valueOf(unit.letter());
  }
}
