package dev.fairlead.core.routing;

import dev.fairlead.core.config.ProviderKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Draws an order by weight. With a session the draw is a weighted rendezvous hash, so that a
 * session keeps its first choice (and its prompt cache) as long as that is there, and moves the
 * least when it is not; without one it is random.
 */
final class KeyOrder {
  private KeyOrder() {}

  static List<ProviderKey> order(List<ProviderKey> keys, Question question, String salt) {
    return order(keys, ProviderKey::id, ProviderKey::weight, question, salt);
  }

  static <T> List<T> order(
      List<T> items,
      java.util.function.Function<T, String> id,
      ToDoubleFunction<T> weight,
      Question question,
      String salt) {
    record Scored<T>(T item, double score) {}

    long base =
        question.session() == null
            ? mix(question.seed())
            : hash(question.principal().id(), hash(question.session(), 1));
    List<Scored<T>> scored = new ArrayList<>(items.size());
    for (T item : items) {
      long h = mix(hash(id.apply(item), hash(salt, base)));
      double uniform = ((h >>> 11) + 0.5) * 0x1.0p-53;
      double w = weight.applyAsDouble(item);
      // -w / ln(u) makes each item win in proportion to its weight; weight 0 comes last.
      scored.add(new Scored<>(item, w <= 0 ? uniform - 1 : -w / Math.log(uniform)));
    }
    scored.sort(Comparator.comparingDouble((Scored<T> s) -> s.score()).reversed());
    List<T> ordered = new ArrayList<>(scored.size());
    for (Scored<T> s : scored) {
      ordered.add(s.item());
    }
    return ordered;
  }

  private static long hash(String text, long seed) {
    long h = seed ^ 0x9e3779b97f4a7c15L;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mix(h);
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }
}
