package dev.fairlead.wire;

import dev.fairlead.codec.cursor.ModelSuffix;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.routing.Planner;
import dev.fairlead.core.routing.Question;
import dev.fairlead.core.routing.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's name as Cursor's picker writes it, with thinking and speed at its end, and the plan for
 * what it means: policy sees the model, not the name.
 */
record SuffixedName(ModelSuffix suffix, Planner.Outcome outcome) {
  /** The name as it is. */
  static SuffixedName plain(Question question, Snapshot snapshot, Planner planner) {
    return new SuffixedName(ModelSuffix.plain(question.model()), planner.plan(question, snapshot));
  }

  /**
   * The longest reading of the name that is a model of its own; the name as it is where no reading
   * is known. A catalogue takes names with more at their end for the same model, so a reading is
   * one of its own only when the next shorter one is another.
   */
  static SuffixedName read(
      Question question, Snapshot snapshot, Planner planner, ModelCatalogue models) {
    SuffixedName written = plain(question, snapshot, planner);
    List<ModelSuffix> readings = ModelSuffix.readings(question.model());
    if (readings.size() == 1) {
      return written;
    }
    SuffixedName longer = written;
    String known = idOf(written, models);
    for (ModelSuffix reading : readings.subList(1, readings.size())) {
      SuffixedName shorter =
          new SuffixedName(reading, planner.plan(question.about(reading.base()), snapshot));
      String id = idOf(shorter, models);
      if (known != null && !known.equals(id)) {
        return longer;
      }
      longer = shorter;
      known = id;
    }
    return known == null ? written : longer;
  }

  private static @Nullable String idOf(SuffixedName name, ModelCatalogue models) {
    if (!(name.outcome() instanceof Planner.Outcome.Planned(var plan))) {
      return null;
    }
    Target first = plan.targets().getFirst();
    ModelInfo info = models.find(first.provider(), first.model());
    return info == null ? null : first.provider().name() + "/" + info.id();
  }
}
