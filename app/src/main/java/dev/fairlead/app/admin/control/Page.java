package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.Query;
import dev.fairlead.app.config.Entity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One page of a list of entities: {@code limit}, {@code offset}, {@code search}, an order. */
final class Page {
  static final String[] PARAMETERS = {"limit", "offset", "search", "sort_by", "order"};

  private static final int MOST = 1000;
  private static final int USUAL = 100;

  private Page() {}

  /**
   * The page {@code query} asks for, as {@code {<field>: […], count, total_count, limit, offset}}.
   */
  static ObjectNode of(
      Stream<Entity> entities, Predicate<Entity> wanted, Query query, String field, Views views)
      throws ApiProblem {
    int limit = (int) query.number("limit", USUAL, 0, MOST);
    int offset = (int) query.number("offset", 0, 0, Integer.MAX_VALUE);
    String search = query.text("search");
    String needle = search == null ? null : search.toLowerCase(Locale.ROOT);
    String sort = query.oneOf("sort_by", "name", List.of("name", "id", "created_at", "updated_at"));
    boolean down = query.oneOf("order", "asc", List.of("asc", "desc")).equals("desc");
    List<Entity> all = new ArrayList<>();
    entities.filter(entity -> matches(entity, needle) && wanted.test(entity)).forEach(all::add);
    Comparator<Entity> order =
        sort.equals("name")
            ? Comparator.comparing((Entity entity) -> entity.name().toLowerCase(Locale.ROOT))
            : sort.equals("id")
                ? Comparator.comparing(Entity::id)
                : Comparator.comparing(entity -> dateOf(entity, sort, views));
    order = order.thenComparing(Entity::id);
    all.sort(down ? order.reversed() : order);
    ObjectNode answer = Views.object();
    ArrayNode items = answer.putArray(field);
    all.stream().skip(offset).limit(limit).forEach(entity -> items.add(views.of(entity)));
    answer.put("count", items.size());
    answer.put("total_count", all.size());
    answer.put("total", all.size());
    answer.put("limit", limit);
    answer.put("offset", offset);
    return answer;
  }

  private static boolean matches(Entity entity, @Nullable String needle) {
    return needle == null
        || entity.name().toLowerCase(Locale.ROOT).contains(needle)
        || entity.id().toLowerCase(Locale.ROOT).contains(needle);
  }

  private static String dateOf(Entity entity, String field, Views views) {
    String date = Views.text(views.of(entity), field);
    return date == null ? "" : date;
  }
}
