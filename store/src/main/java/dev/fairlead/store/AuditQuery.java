package dev.fairlead.store;

import dev.fairlead.store.admin.AuditFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions on the audit log and their parameters. */
final class AuditQuery {
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> parameters = new ArrayList<>();

  private AuditQuery() {}

  static AuditQuery of(AuditFilter filter) {
    AuditQuery query = new AuditQuery();
    query.either("actor_id", "actor_name", filter.actor());
    query.equal("action", filter.action());
    query.equal("kind", filter.kind());
    query.either("entity_id", "entity_name", filter.entity());
    if (filter.from() != null) {
      query.and("at >= ?", filter.from().toEpochMilli());
    }
    if (filter.until() != null) {
      query.and("at < ?", filter.until().toEpochMilli());
    }
    return query;
  }

  AuditQuery and(String condition, Object parameter) {
    conditions.add(condition);
    parameters.add(parameter);
    return this;
  }

  private void equal(String column, @Nullable String value) {
    if (value != null) {
      and(column + " = ?", value);
    }
  }

  private void either(String one, String other, @Nullable String value) {
    if (value != null) {
      and("(" + one + " = ? OR " + other + " = ?)", value);
      parameters.add(value);
    }
  }

  String where() {
    return " WHERE " + String.join(" AND ", conditions);
  }

  @Nullable Object[] parameters() {
    return parameters.toArray();
  }
}
