package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.app.config.shape.ShapeCheck;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.UnreadKeys;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.port.Documents.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entities of the database as last seen, each read when it changed and not again. Confined to
 * whoever holds the lock of the configuration.
 */
final class StoredEntities {
  /** Documents from which on it pays to read several at once. */
  private static final int MANY = 500;

  /** Virtual keys from which on a start does not wait for their reading. */
  private static final int VERY_MANY = 5_000;

  private static final String KEY = "virtual_key";

  private final Function<Document, List<Part>> read;
  private final Map<String, Map<String, Entry>> kinds = new LinkedHashMap<>();
  private Set<String> unread = Set.of();
  private long revision;

  /**
   * A document and what it came to; nothing for kinds that are read with the file's providers, and
   * for virtual keys that are not read yet.
   */
  record Entry(Document document, List<Part> parts) {}

  private StoredEntities(Function<Document, List<Part>> read) {
    this.read = read;
  }

  /** None yet; {@code expressionCheck} says what is wrong with a condition, or null. */
  static StoredEntities none(Scene scene) {
    return new StoredEntities(document -> parts(document, scene));
  }

  /** A copy with {@code changes} made, to see what would come of them. */
  StoredEntities with(List<Document> changes) {
    StoredEntities copy = new StoredEntities(read);
    copy.kinds.putAll(kinds);
    changes.stream()
        .map(Document::kind)
        .distinct()
        .forEach(
            kind -> copy.kinds.put(kind, new LinkedHashMap<>(kinds.getOrDefault(kind, Map.of()))));
    copy.unread = unread;
    copy.revision = revision;
    copy.apply(changes);
    return copy;
  }

  /**
   * As {@link #apply}, but very many virtual keys are left unread as long as their hashes can be
   * told from their text.
   */
  void applyLeavingKeys(List<Document> changes) {
    if (changes.size() < VERY_MANY) {
      apply(changes);
      return;
    }
    Set<String> left = new HashSet<>();
    List<Document> others = new ArrayList<>();
    for (Document document : changes) {
      if (document.kind().equals(KEY)
          && !document.deleted()
          && !KeysOnDemand.hashes(document.json()).isEmpty()) {
        put(new Entry(document, List.of()));
        left.add(document.id());
      } else {
        others.add(document);
      }
    }
    unread = left;
    apply(others);
  }

  /** Ids of the virtual keys that are not read yet. */
  Set<String> unread() {
    return unread;
  }

  /** The virtual keys that are not read yet, each to be read at its first use. */
  UnreadKeys onDemand() {
    return unread.isEmpty()
        ? UnreadKeys.NONE
        : new KeysOnDemand(
            of(KEY).stream()
                .map(Entry::document)
                .filter(document -> unread.contains(document.id()))
                .toList(),
            read);
  }

  /** Reads what is not read yet. */
  void readRest() {
    if (!unread.isEmpty()) {
      List<Document> rest =
          of(KEY).stream()
              .map(Entry::document)
              .filter(document -> unread.contains(document.id()))
              .toList();
      unread = Set.of();
      apply(rest);
    }
  }

  /** Takes over what changed. */
  void apply(List<Document> changes) {
    // Each is read by itself, so that a start with very many of them uses every processor.
    Stream<Document> documents =
        changes.size() < MANY ? changes.stream() : changes.parallelStream();
    List<Entry> readNow =
        documents
            .map(document ->
                new Entry(document, document.deleted() ? List.of() : read.apply(document)))
            .toList();
    readNow.forEach(this::put);
  }

  private void put(Entry entry) {
    Document document = entry.document();
    Map<String, Entry> entries = kinds.computeIfAbsent(document.kind(), _ -> new LinkedHashMap<>());
    if (document.deleted()) {
      entries.remove(document.id());
    } else {
      entries.put(document.id(), entry);
    }
    revision = Math.max(revision, document.revision());
  }

  /** The revision up to which changes were taken over. */
  long revision() {
    return revision;
  }

  Collection<Entry> of(String kind) {
    Map<String, Entry> entries = kinds.get(kind);
    return entries == null ? List.of() : entries.values();
  }

  @Nullable Entry find(String kind, String id) {
    Map<String, Entry> entries = kinds.get(kind);
    return entries == null ? null : entries.get(id);
  }

  /** What all entities of governance came to, in the order in which they are to be linked. */
  List<List<Part>> parts() {
    List<List<Part>> parts = new ArrayList<>();
    for (String kind : EntityReader.SECTIONS.keySet()) {
      for (Entry entry : of(kind)) {
        parts.add(entry.parts());
      }
    }
    return parts;
  }

  private static List<Part> parts(Document document, Scene shared) {
    List<Part> parts = new ArrayList<>(1);
    Findings findings = new Findings();
    Json.Obj item = read(document, shared, findings, parts);
    return findings.problems().isEmpty()
        ? List.copyOf(parts)
        : List.of(broken(document, item, findings));
  }

  /** Reads {@code document} into {@code parts}; its object, or null when it is none. */
  static Json.@Nullable Obj read(
      Document document, Scene shared, Findings findings, List<Part> parts) {
    Shape.Struct shape = EntityReader.shape(document.kind(), true);
    if (shape == null) {
      return null;
    }
    Json tree = JsonReader.read(document.json(), findings.problems());
    if (!(tree instanceof Json.Obj item)) {
      if (findings.problems().isEmpty()) {
        findings.problems().add(Problem.ofFile("is no object"));
      }
      return null;
    }
    ShapeCheck.of(item, shape, findings.problems());
    if (findings.problems().isEmpty()) {
      Scene scene =
          new Scene(
              findings,
              shared.references(),
              shared.hasher(),
              shared.expressionCheck(),
              false,
              null,
              shared.shared());
      new EntityReader(scene).read(document.kind(), named(item, document), "", parts);
    }
    return item;
  }

  /** The id of the document counts, whatever stands in it. */
  static Json.Obj named(Json.Obj item, Document document) {
    if (document.id().equals(Tree.text(item, "id"))) {
      return item;
    }
    Map<String, Json> members = new LinkedHashMap<>(item.members());
    members.put("id", new Json.Text(document.id(), 0, 0));
    return new Json.Obj(members, item.line(), item.column());
  }

  private static Part broken(Document document, Json.@Nullable Obj item, Findings findings) {
    Site site = new Site(document.kind(), document.id(), "", 0, 0, true);
    String why = findings.problems().getFirst().text();
    if (item == null) {
      return new Part.Broken(document.name(), why, null, null, null, site);
    }
    String hash = document.kind().equals(KEY) ? Tree.text(item, "hash") : null;
    return new Part.Broken(
        document.name(),
        why,
        hash,
        document.kind().equals("routing_rule") ? closed(document, item) : null,
        document.kind().equals("model_config") ? owner(item) : null,
        site);
  }

  /**
   * A rule that denied or sealed something denies everything in its scope until it is understood
   * again; one that only led requests elsewhere is left out.
   */
  private static @Nullable RoutingRule closed(Document document, Json.Obj item) {
    boolean restricts =
        "deny".equals(Tree.text(item, "action"))
            || "require_tags".equals(Tree.text(item, "action"))
            || Tree.has(item, "require_tags")
            || Tree.has(item, "deny_message");
    if (!restricts
        || !Tree.flag(item, "enabled", true)
        || "observe".equals(Tree.text(item, "mode"))) {
      return null;
    }
    String scope = Tree.text(item, "scope");
    String id = Tree.text(item, "scope_id");
    RoutingRule.Scope whose = scope == null || id == null ? null : RuleReader.scopeOf(scope, id);
    Long priority = Tree.whole(item, "priority");
    return new RoutingRule(
        document.id(),
        document.name(),
        "",
        true,
        "",
        false,
        new RoutingRule.Action.Deny(
            "The routing rule \""
                + document.name()
                + "\" of this gateway restricts requests and cannot be understood by this version."
                + " Ask its operator."),
        List.of(),
        whose == null ? new RoutingRule.Scope.Global() : whose,
        priority == null ? 0 : Math.clamp(priority, Integer.MIN_VALUE, Integer.MAX_VALUE),
        RoutingRule.OnUnknown.NO_MATCH,
        Enforcement.ENFORCE,
        new Origin(Origin.Source.DATABASE, "the database"));
  }

  private static @Nullable String owner(Json.Obj item) {
    String scope = Tree.text(item, "scope");
    String id = Tree.text(item, "scope_id");
    if (scope == null || id == null) {
      return null;
    }
    return switch (scope) {
      case "customer", "team", "user" -> scope + ":" + id;
      case "virtual_key" -> "vk:" + id;
      default -> null;
    };
  }
}
