package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.config.ConfigEditor;
import dev.fairlead.app.config.Entity;
import dev.fairlead.app.config.Outcome;
import dev.fairlead.core.port.AuditEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changes entities on behalf of a call: what went wrong becomes an answer, the rest is audited. */
final class Editing {
  private final Supplier<@Nullable ConfigEditor> source;
  private final AuditLog audit;

  Editing(Supplier<@Nullable ConfigEditor> source, AuditLog audit) {
    this.source = source;
    this.audit = audit;
  }

  /** Something done with the editor. */
  @FunctionalInterface
  interface Change {
    Outcome by(ConfigEditor editor);
  }

  ConfigEditor editor() throws ApiProblem {
    ConfigEditor editor = source.get();
    if (editor == null) {
      throw ApiProblem.unavailable(
          "There is no store to keep changes in (config_store.enabled is false), or the gateway is"
              + " starting.");
    }
    return editor;
  }

  /** The entity called {@code idOrName}. */
  Entity find(String kind, String idOrName) throws ApiProblem {
    ConfigEditor editor = editor();
    Entity entity = editor.find(kind, idOrName);
    if (entity == null) {
      List<Entity> named =
          editor.stream(kind).filter(one -> one.name().equals(idOrName)).limit(2).toList();
      entity = named.size() == 1 ? named.getFirst() : null;
    }
    if (entity == null) {
      throw ApiProblem.missing("There is no " + kind.replace('_', ' ') + " with this id or name.");
    }
    return entity;
  }

  /** Makes a change and notes it, both or neither. */
  Outcome.Done change(ApiCall call, String action, Change change) throws ApiProblem {
    ConfigEditor witnessed =
        editor().witnessed((before, after) -> entry(call, action, before, after));
    return switch (change.by(witnessed)) {
      case Outcome.Done done -> done;
      case Outcome.Invalid(List<Outcome.Fault> faults) -> throw invalid(faults);
      case Outcome.Conflict(String field, String message) ->
          throw field == null ? ApiProblem.conflict(message) : ApiProblem.taken(field, message);
      case Outcome.Missing(String message) -> throw ApiProblem.missing(message);
      case Outcome.ReadOnly(String message) -> throw ApiProblem.readOnly(message);
    };
  }

  private @Nullable AuditEntry entry(
      ApiCall call, String action, @Nullable Entity before, @Nullable Entity after) {
    Entity subject = after == null ? before : after;
    return subject == null
        ? null
        : audit.change(
            call,
            action,
            new AuditLog.Subject(subject.kind(), subject.id(), subject.name()),
            before == null ? null : before.json(),
            after == null ? null : after.json());
  }

  private static ApiProblem invalid(List<Outcome.Fault> faults) {
    List<ApiProblem.Fault> told = new ArrayList<>();
    for (Outcome.Fault fault : faults) {
      String field = fault.path().isEmpty() ? "body" : fault.path();
      told.add(
          new ApiProblem.Fault(
              field,
              fault.message().toLowerCase(Locale.ROOT).startsWith(field.toLowerCase(Locale.ROOT))
                  ? fault.message()
                  : field + ": " + fault.message()));
    }
    return ApiProblem.invalid(told);
  }
}
