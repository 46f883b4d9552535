package dev.fairlead.app.config.shape;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The known name somebody may have meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The name of {@code known} nearest to {@code written}, or null when none is near enough to be
   * meant.
   */
  public static @Nullable String to(String written, Collection<String> known) {
    if (written.length() > 64) {
      return null;
    }
    String best = null;
    int bestDistance = Math.max(1, written.length() / 3) + 1;
    for (String name : known) {
      int distance =
          distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT), bestDistance);
      if (distance < bestDistance) {
        best = name;
        bestDistance = distance;
      }
    }
    return best;
  }

  /**
   * Edits, of which a swap of neighbours is one, that make {@code a} into {@code b}; {@code limit}
   * when more.
   */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
        }
      }
    }
    return Math.min(limit, cost[a.length()][b.length()]);
  }
}
