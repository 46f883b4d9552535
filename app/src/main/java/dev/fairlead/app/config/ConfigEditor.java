package dev.fairlead.app.config;

import dev.fairlead.app.config.Linked.Flaw;
import dev.fairlead.app.config.Outcome.Conflict;
import dev.fairlead.app.config.Outcome.Done;
import dev.fairlead.app.config.Outcome.Fault;
import dev.fairlead.app.config.Outcome.Invalid;
import dev.fairlead.app.config.Outcome.Missing;
import dev.fairlead.app.config.Outcome.ReadOnly;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.app.config.shape.ShapeCheck;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Documents;
import dev.fairlead.core.port.Documents.Change;
import dev.fairlead.core.port.Documents.Document;
import dev.fairlead.core.port.Sealing;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes the entities of the database: each change is checked as strictly as the file, by building
 * the whole configuration that would come of it; it is written and in force when the call returns,
 * and never resets a counter. Entities of the file and the environment are shown and not changed.
 * One change at a time; may block, so never called on an event loop. Whatever the database cannot
 * do is a {@link Documents.Unavailable}, after which nothing has changed.
 */
public final class ConfigEditor {
  /** Longest time a rotated key's former value may go on counting. */
  public static final Duration MOST_GRACE = Duration.ofDays(90);

  private static final int MOST_TOLD = 3;
  private static final String VIRTUAL_KEY = "virtual_key";

  private final ConfigSource source;
  private final Documents documents;
  private final Sealing sealing;
  private final Runnable publish;
  private final Clock clock;
  private final Witness witness;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock lock;
  private final EntityViews views;

  /** Says what the audit log is to hold of a change; it is written with it or not at all. */
  @FunctionalInterface
  public interface Witness {
    /** The entry, or null for none; of the two entities at least one is there. */
    @Nullable AuditEntry entry(@Nullable Entity before, @Nullable Entity after);
  }

  /**
   * An editor.
   *
   * @param source must have been loaded once, with {@code documents} attached
   * @param publish puts what is written in force before it returns: the watcher's poll
   */
  public ConfigEditor(
      ConfigSource source, Documents documents, Sealing sealing, Clock clock, Runnable publish) {
    this(source, documents, sealing, clock, publish, (_, _) -> null, new ReentrantLock());
  }

  private ConfigEditor(
      ConfigSource source,
      Documents documents,
      Sealing sealing,
      Clock clock,
      Runnable publish,
      Witness witness,
      ReentrantLock lock) {
    this.source = source;
    this.documents = documents;
    this.sealing = sealing;
    this.clock = clock;
    this.publish = publish;
    this.witness = witness;
    this.lock = lock;
    this.views = new EntityViews(source);
  }

  /** The same editor, whose changes are noted as {@code by} says. */
  public ConfigEditor witnessed(Witness by) {
    return new ConfigEditor(source, documents, sealing, clock, publish, by, lock);
  }

  /** Whether there are entities of {@code kind}. */
  public static boolean known(String kind) {
    return EntityJson.shape(kind) != null;
  }

  /** All entities of {@code kind}: the file's, the environment's, then the database's. */
  public List<Entity> list(String kind) {
    return views.all(kind).toList();
  }

  /** As {@link #list}, each made only when it is asked for; for pages of many. */
  public java.util.stream.Stream<Entity> stream(String kind) {
    return views.all(kind);
  }

  /** The entity called {@code id}, or null. */
  public @Nullable Entity find(String kind, String id) {
    return views.find(kind, id);
  }

  /** Creates an entity; a virtual key without a value gets one, which is told once. */
  public Outcome create(String kind, byte[] json) {
    return locked(() -> {
      ObjectNode written = EntityJson.object();
      Outcome wrong = read(kind, json, written);
      if (wrong != null) {
        return wrong;
      }
      EntityForm form = form();
      EntityForm.Stored made = form.of(kind, written, null);
      if (!form.faults().isEmpty()) {
        return new Invalid(form.faults());
      }
      Entity taken = find(kind, made.id());
      if (taken != null) {
        return new Conflict(
            written.has("id") ? "id" : "name",
            "There is " + said(kind) + " \"" + made.id() + "\" already, in " + where(taken) + ".");
      }
      return write(kind, made, null);
    });
  }

  /**
   * Replaces an entity; what is left out is as if it had never been given, but for secrets, ids,
   * dates and top-ups of budgets, which stay.
   */
  public Outcome replace(String kind, String id, byte[] json) {
    return change(kind, id, json, false);
  }

  /** Changes the fields given and takes out those that are null (RFC 7396). */
  public Outcome merge(String kind, String id, byte[] json) {
    return change(kind, id, json, true);
  }

  private Outcome change(String kind, String id, byte[] json, boolean merge) {
    return locked(() -> {
      Outcome fixed = fixed(kind, id);
      if (fixed != null) {
        return fixed;
      }
      Document former = source.storedDocument(kind, id);
      if (former == null) {
        return kind.equals(StoredClient.KIND) && known(kind)
            ? first(kind, json)
            : new Missing("There is no " + bare(kind) + " \"" + id + "\".");
      }
      ObjectNode before = EntityJson.parse(former.json());
      ObjectNode written = EntityJson.object();
      Outcome wrong = merge ? merged(kind, before, json, written) : read(kind, json, written);
      if (wrong != null) {
        return wrong;
      }
      EntityForm form = form();
      EntityForm.Stored made = form.of(kind, written, before);
      return form.faults().isEmpty() ? write(kind, made, former) : new Invalid(form.faults());
    });
  }

  /** The client section, which is there as soon as somebody writes it. */
  private Outcome first(String kind, byte[] json) {
    ObjectNode written = EntityJson.object();
    Outcome wrong = read(kind, json, written);
    return wrong == null ? write(kind, form().of(kind, written, null), null) : wrong;
  }

  /** Removes an entity that nothing refers to; a provider goes with its keys. */
  public Outcome remove(String kind, String id) {
    return locked(() -> {
      Outcome fixed = fixed(kind, id);
      if (fixed != null) {
        return fixed;
      }
      Document former = source.storedDocument(kind, id);
      if (former == null) {
        return new Missing("There is no " + bare(kind) + " \"" + id + "\".");
      }
      List<Document> gone = new ArrayList<>(List.of(former));
      if (kind.equals(StoredProviders.PROVIDER)) {
        source.storedDocuments(StoredProviders.KEY).stream()
            .filter(key -> id.equals(EntityJson.text(EntityJson.parse(key.json()), "provider")))
            .forEach(gone::add);
      }
      List<Document> deletions =
          gone.stream()
              .map(one -> new Document(one.kind(), one.id(), one.name(), "", one.revision(), true))
              .toList();
      ConfigSource.Trial trial = source.attempt(deletions);
      if (!trial.problems().isEmpty()) {
        return new Conflict("The configuration would not work: " + some(trial.problems()));
      }
      List<String> others =
          trial.flaws().stream().filter(flaw -> !flaw.bearable()).map(Flaw::told).toList();
      if (!others.isEmpty()) {
        return new Conflict(
            "Others refer to it: " + some(others) + ". Change or remove them first.");
      }
      List<Change> changes =
          gone.stream()
              .map(one -> (Change) new Change.Remove(one.kind(), one.id(), one.revision()))
              .toList();
      Entity before = EntityJson.shown(former);
      Outcome conflict = commit(changes, before, null);
      return conflict == null ? new Done(before, null, null) : conflict;
    });
  }

  /**
   * Gives a virtual key a new value, told once; the former one counts until {@code grace} is over.
   */
  public Outcome rotate(String keyId, Duration grace) {
    if (grace.isNegative() || grace.compareTo(MOST_GRACE) > 0) {
      return new Invalid(
          List.of(new Fault("grace", "must be from nothing to " + MOST_GRACE.toDays() + " days")));
    }
    return locked(() -> {
      Outcome fixed = fixed(VIRTUAL_KEY, keyId);
      if (fixed != null) {
        return fixed;
      }
      Document former = source.storedDocument(VIRTUAL_KEY, keyId);
      if (former == null) {
        return new Missing("There is no virtual key \"" + keyId + "\".");
      }
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      ObjectNode json = EntityJson.parse(former.json());
      String value = EntityForm.newValue(random);
      JsonNode old = json.get("hash");
      json.remove("former");
      if (old != null && grace.isPositive()) {
        ObjectNode kept = json.putObject("former");
        kept.set("hash", old);
        kept.put("until", now.plus(grace).toString());
      }
      json.put("hash", hasher().hash(value));
      json.put("hint", EntityForm.hint(value));
      json.put("updated_at", now.toString());
      return write(VIRTUAL_KEY, new EntityForm.Stored(keyId, former.name(), json, value), former);
    });
  }

  /**
   * Removes the virtual keys that have expired and were to be removed then; how many. For a clock
   * to call now and then.
   */
  public int removeExpired() {
    int removed = 0;
    for (String id : source.expiredKeys(clock.instant())) {
      Document key = source.storedDocument(VIRTUAL_KEY, id);
      JsonNode wanted =
          key == null ? null : EntityJson.parse(key.json()).get("delete_after_expire");
      if (wanted != null && wanted.booleanValue(false) && remove(VIRTUAL_KEY, id) instanceof Done) {
        removed++;
      }
    }
    return removed;
  }

  /** Why the entity cannot be changed here, or null. */
  private @Nullable Outcome fixed(String kind, String id) {
    if (!known(kind)) {
      return new Missing("There is nothing called \"" + kind + "\" here.");
    }
    source.takeChanges();
    if (source.storedDocument(kind, id) != null) {
      return null;
    }
    Entity entity = find(kind, id);
    if (entity == null || entity.origin().source() == Origin.Source.DATABASE) {
      return null;
    }
    return new ReadOnly(
        "The "
            + bare(kind)
            + " \""
            + entity.name()
            + "\" belongs to "
            + where(entity)
            + "; change it there.");
  }

  /** Reads what somebody wrote into {@code into}; what is wrong with it, or null. */
  private @Nullable Outcome read(String kind, byte[] json, ObjectNode into) {
    Shape.Struct shape = EntityJson.shape(kind);
    if (shape == null) {
      return new Missing("There is nothing called \"" + kind + "\" here.");
    }
    List<Problem> problems = new ArrayList<>();
    Json tree = JsonReader.read(json, problems);
    if (tree != null) {
      return checked(tree, shape, problems, into);
    }
    return invalid(problems);
  }

  private static @Nullable Outcome checked(
      Json tree, Shape.Struct shape, List<Problem> problems, ObjectNode into) {
    ShapeCheck check = ShapeCheck.of(tree, shape, problems);
    check
        .restricting()
        .forEach((_, place) ->
            problems.add(
                new Problem(
                    place.path(),
                    0,
                    0,
                    "limits what may be done, and this version does not enforce it; remove it")));
    if (!problems.isEmpty()) {
      return invalid(problems);
    }
    if (EntityJson.node(tree) instanceof ObjectNode object) {
      into.setAll(object);
    }
    return null;
  }

  private @Nullable Outcome merged(String kind, ObjectNode before, byte[] json, ObjectNode into) {
    List<Problem> problems = new ArrayList<>();
    Json tree = JsonReader.read(json, problems);
    if (tree == null || !(EntityJson.node(tree) instanceof ObjectNode patch)) {
      if (problems.isEmpty()) {
        problems.add(Problem.ofFile("must be an object"));
      }
      return invalid(problems);
    }
    if (!problems.isEmpty()) {
      return invalid(problems);
    }
    ObjectNode merged = before.deepCopy();
    for (String hidden : List.of("hash", "hint", "former")) {
      merged.remove(hidden);
    }
    apply(merged, patch);
    Shape.Struct shape = EntityJson.shape(kind);
    Json whole =
        JsonReader.read(EntityJson.write(merged).getBytes(StandardCharsets.UTF_8), problems);
    return shape == null || whole == null
        ? invalid(problems)
        : checked(whole, shape, problems, into);
  }

  /** RFC 7396. */
  private static void apply(ObjectNode target, ObjectNode patch) {
    for (String name : patch.propertyNames()) {
      JsonNode change = patch.get(name);
      if (change.isNull() && name.equals("override")) {
        // A top-up that is not there stays; see EntityForm.
        target.set(name, change);
      } else if (change.isNull()) {
        target.remove(name);
      } else if (change instanceof ObjectNode inner) {
        ObjectNode below =
            target.get(name) instanceof ObjectNode there ? there : target.putObject(name);
        apply(below, inner);
      } else {
        target.set(name, change);
      }
    }
  }

  private static Outcome invalid(List<Problem> problems) {
    return new Invalid(
        problems.stream().map(problem -> new Fault(problem.path(), problem.message())).toList());
  }

  private Outcome write(String kind, EntityForm.Stored made, @Nullable Document former) {
    String json = EntityJson.kept(made.json());
    long revision = former == null ? 0 : former.revision();
    Document document = new Document(kind, made.id(), made.name(), json, revision, false);
    List<Problem> own = source.problemsOf(document);
    if (!own.isEmpty()) {
      return invalid(own);
    }
    ConfigSource.Trial trial = source.attempt(List.of(document));
    if (!trial.problems().isEmpty()) {
      return new Conflict("The configuration would not work: " + some(trial.problems()));
    }
    Outcome flawed = flawed(trial.flaws(), kind, made.id());
    if (flawed != null) {
      return flawed;
    }
    Outcome conflict =
        commit(
            List.of(
                former == null
                    ? new Change.Create(kind, made.id(), made.name(), json)
                    : new Change.Replace(kind, made.id(), made.name(), json, former.revision())),
            former == null ? null : EntityJson.shown(former),
            EntityJson.shown(document));
    if (conflict != null) {
      return conflict;
    }
    Document after = source.storedDocument(kind, made.id());
    return new Done(
        former == null ? null : EntityJson.shown(former),
        EntityJson.shown(after == null ? document : after),
        made.secret());
  }

  /** What the linking of everything found wrong with this entity, or with others because of it. */
  private static @Nullable Outcome flawed(List<Flaw> flaws, String kind, String id) {
    List<Fault> faults = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Flaw flaw : flaws) {
      boolean own = flaw.site().kind().equals(kind) && flaw.site().id().equals(id);
      boolean taken = flaw.off() && List.of("id", "name", "value").contains(flaw.field());
      if (own && taken) {
        return new Conflict(flaw.field(), sentence(flaw.message()));
      }
      if (own) {
        faults.add(new Fault(flaw.field(), flaw.message()));
      } else if (!flaw.bearable()) {
        others.add(flaw.told());
      }
    }
    if (!faults.isEmpty()) {
      return new Invalid(faults);
    }
    return others.isEmpty() ? null : new Conflict("Others would not work: " + some(others));
  }

  /** Writes and puts in force; what came in between, or null. */
  private @Nullable Outcome commit(
      List<Change> changes, @Nullable Entity before, @Nullable Entity after) {
    try {
      documents.write(changes, witness.entry(before, after));
    } catch (Documents.Conflict met) {
      return new Conflict(String.valueOf(met.getMessage()));
    }
    publish.run();
    return null;
  }

  private EntityForm form() {
    return new EntityForm(hasher(), sealing, random, clock.instant());
  }

  private KeyHasher hasher() {
    Draft draft = source.inForce();
    if (draft == null) {
      throw new IllegalStateException("the configuration was never loaded");
    }
    return draft.hasher();
  }

  private Outcome locked(Supplier<Outcome> change) {
    lock.lock();
    try {
      return change.get();
    } finally {
      lock.unlock();
    }
  }

  private static String where(Entity entity) {
    return entity.origin().place();
  }

  private static String bare(String kind) {
    return kind.replace('_', ' ');
  }

  private static String said(String kind) {
    return "a " + bare(kind);
  }

  private static String sentence(String words) {
    return words.isEmpty()
        ? words
        : Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  private static String some(List<String> all) {
    String told = String.join("; ", all.stream().limit(MOST_TOLD).toList());
    return all.size() <= MOST_TOLD ? told : told + "; and " + (all.size() - MOST_TOLD) + " more";
  }
}
