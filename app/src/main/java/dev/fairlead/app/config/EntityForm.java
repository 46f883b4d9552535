package dev.fairlead.app.config;

import dev.fairlead.app.config.Outcome.Fault;
import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.core.port.Sealing;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns an entity as people write it into the document that is stored: with ids that stay, a hash
 * in place of a virtual key's value, and sealed secrets.
 */
final class EntityForm {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}");
  private static final int LONGEST_NAME = 200;
  private static final Map<String, String> PREFIXES =
      Map.ofEntries(
          Map.entry("provider_key", "pk"),
          Map.entry("virtual_key", "vk"),
          Map.entry("customer", "cu"),
          Map.entry("team", "tm"),
          Map.entry("user", "us"),
          Map.entry("routing_rule", "rr"),
          Map.entry("model_config", "mc"),
          Map.entry("provider_governance", "pg"),
          Map.entry("pricing_override", "po"),
          Map.entry("budget", "b"),
          Map.entry("rate_limit", "rl"));

  private final KeyHasher hasher;
  private final Sealing sealing;
  private final SecureRandom random;
  private final Instant now;
  private final List<Fault> faults = new ArrayList<>();

  EntityForm(KeyHasher hasher, Sealing sealing, SecureRandom random, Instant now) {
    this.hasher = hasher;
    this.sealing = sealing;
    this.random = random;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** The document's id, name and content; the value of a new virtual key, or null. */
  record Stored(String id, String name, ObjectNode json, @Nullable String secret) {}

  List<Fault> faults() {
    return faults;
  }

  /**
   * What is stored of {@code written}, which has the shape of its kind; {@code former} is what is
   * stored now, or null for something new.
   */
  Stored of(String kind, ObjectNode written, @Nullable ObjectNode former) {
    ObjectNode json = written.deepCopy();
    if (kind.equals("budget")) {
      topUp(json, former);
    }
    for (String name : List.copyOf(json.propertyNames())) {
      if (json.get(name).isNull()) {
        json.remove(name);
      }
    }
    if (kind.equals(StoredClient.KIND)) {
      return new Stored(StoredClient.ID, StoredClient.ID, json, null);
    }
    String id = id(kind, json, former);
    json.put("id", id);
    dates(json, former);
    String secret = kind.equals("virtual_key") ? value(json, former) : null;
    Shape.Struct shape = EntityJson.shape(kind);
    if (shape != null && !kind.equals("virtual_key")) {
      if (former != null) {
        SecretFields.keep(json, former, shape);
      }
      SecretFields.seal(
          json,
          shape,
          kind + "/" + id,
          sealing,
          (path, why) -> {
            faults.add(new Fault(path, why));
            return null;
          });
    }
    limits(json, former);
    grants(json, former);
    if (kind.equals("budget")) {
      started(json, former);
    }
    return new Stored(id, name(kind, id, json), json, secret);
  }

  private String id(String kind, ObjectNode json, @Nullable ObjectNode former) {
    String given = EntityJson.text(json, "id");
    String kept = former == null ? null : EntityJson.text(former, "id");
    if (kind.equals(StoredProviders.PROVIDER)) {
      String name = EntityJson.text(json, "name");
      name = name == null ? EntityJson.text(json, "provider") : name;
      name = name == null ? given : name;
      name = name == null ? kept : name;
      if (name == null) {
        faults.add(new Fault("name", "is missing; it is the first segment of model names"));
        return "";
      }
      if (kept != null && !kept.equals(name)) {
        faults.add(new Fault("name", "of a provider cannot be changed; make a new provider"));
      }
      json.remove("provider");
      json.put("name", name);
      return name;
    }
    if (kept != null) {
      if (given != null && !given.equals(kept)) {
        faults.add(new Fault("id", "cannot be changed"));
      }
      return kept;
    }
    if (given == null) {
      return newId(PREFIXES.getOrDefault(kind, kind));
    }
    if (!ID.matcher(given).matches()) {
      faults.add(
          new Fault(
              "id",
              "is no id; use up to 128 letters, digits and . _ : @ -, starting with a letter or"
                  + " digit"));
    }
    return given;
  }

  private String name(String kind, String id, ObjectNode json) {
    String name = EntityJson.text(json, "name");
    if (name != null && (name.length() > LONGEST_NAME || !NetworkReader.isHeaderValue(name))) {
      faults.add(
          new Fault("name", "has more than " + LONGEST_NAME + " characters, or a line break"));
    }
    return switch (kind) {
      case StoredProviders.KEY ->
          EntityJson.text(json, "provider") + "/" + (name == null ? id : name);
      case "model_config", "budget", "rate_limit" -> id;
      case "provider_governance" -> {
        String provider = EntityJson.text(json, "provider");
        yield provider == null ? name == null ? id : name : provider;
      }
      default -> name == null ? id : name;
    };
  }

  private void dates(ObjectNode json, @Nullable ObjectNode former) {
    String created = former == null ? null : EntityJson.text(former, "created_at");
    json.put("created_at", created == null ? now.toString() : created);
    json.put("updated_at", now.toString());
  }

  /** Puts the hash in place of a key's value, which is returned when it is new. */
  private @Nullable String value(ObjectNode json, @Nullable ObjectNode former) {
    JsonNode given = json.remove("value");
    json.remove("hint");
    json.remove("former_value_until");
    if (given != null && !given.isString()) {
      faults.add(new Fault("value", "must be the value itself here"));
      return null;
    }
    if (given == null && former != null) {
      for (String field : List.of("hash", "hint", "former")) {
        JsonNode kept = former.get(field);
        if (kept != null) {
          json.set(field, kept);
        }
      }
      return null;
    }
    String value = given == null ? newValue(random) : given.stringValue();
    String complaint =
        Placeholders.masked(value)
            ? "is a masked value, copied from a display; leave the field out to keep the key"
            : value.startsWith("env.") || value.startsWith("file.") || value.startsWith("vault.")
                ? "names a variable or file, which only config.json may; write the value itself"
                : value.length() > 512
                    ? "is longer than 512 characters"
                    : VirtualKeyReader.complaint(value);
    if (complaint != null) {
      faults.add(new Fault("value", complaint));
      return null;
    }
    json.put("hash", hasher.hash(value));
    json.put("hint", hint(value));
    return value;
  }

  /** A new value of a virtual key: prefix, chance, checksum. */
  static String newValue(SecureRandom random) {
    StringBuilder body = new StringBuilder(KeyHasher.BODY_LENGTH);
    for (int i = 0; i < KeyHasher.BODY_LENGTH; i++) {
      body.append(KeyHasher.digit(random.nextInt(62)));
    }
    return KeyHasher.PREFIX + body + KeyHasher.checksum(body.toString());
  }

  /** The prefix, which is no secret, and four characters at the end, which of ours are checksum. */
  static String hint(String value) {
    String prefix =
        KeyHasher.looksLikeKey(value) ? value.substring(0, KeyHasher.PREFIX.length()) : "";
    return prefix + "…" + value.substring(value.length() - 4);
  }

  private String newId(String prefix) {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return prefix + "-" + HexFormat.of().formatHex(bytes);
  }

  private void grants(ObjectNode json, @Nullable ObjectNode former) {
    List<ObjectNode> before = former == null ? List.of() : objects(former, "provider_configs");
    Set<ObjectNode> used = new HashSet<>();
    for (ObjectNode grant : objects(json, "provider_configs")) {
      ObjectNode same = null;
      for (ObjectNode other : before) {
        boolean fits =
            grant.has("id")
                ? grant.get("id").equals(other.get("id"))
                : String.valueOf(EntityJson.text(grant, "provider"))
                    .equals(EntityJson.text(other, "provider"));
        if (same == null && fits && used.add(other)) {
          same = other;
        }
      }
      if (!grant.has("id")) {
        JsonNode kept = same == null ? null : same.get("id");
        if (kept == null) {
          grant.put("id", newId("pc"));
        } else {
          grant.set("id", kept);
        }
      }
      limits(grant, same);
    }
  }

  /** Gives the budgets and limits inside {@code owner} ids, those they had where they had some. */
  private void limits(ObjectNode owner, @Nullable ObjectNode former) {
    keepIds(
        all(owner, "budget", "budgets"),
        former == null ? List.of() : all(former, "budget", "budgets"),
        "b");
    keepIds(
        all(owner, "rate_limit", "rate_limits"),
        former == null ? List.of() : all(former, "rate_limit", "rate_limits"),
        "rl");
    List<ObjectNode> before = former == null ? List.of() : all(former, "budget", "budgets");
    for (ObjectNode budget : all(owner, "budget", "budgets")) {
      ObjectNode same = null;
      for (ObjectNode other : before) {
        if (budget.get("id").equals(other.get("id"))) {
          same = other;
        }
      }
      topUp(budget, same);
      started(budget, same);
    }
  }

  /** A top-up stays when a budget is changed without a word about it; null takes it away. */
  private static void topUp(ObjectNode budget, @Nullable ObjectNode former) {
    JsonNode given = budget.get("override");
    JsonNode kept = former == null ? null : former.get("override");
    if (given != null && given.isNull()) {
      budget.remove("override");
    } else if (given == null && kept != null) {
      budget.set("override", kept);
    }
  }

  private void keepIds(List<ObjectNode> items, List<ObjectNode> before, String prefix) {
    Set<String> used = new HashSet<>();
    for (ObjectNode item : items) {
      String given = EntityJson.text(item, "id");
      if (given != null) {
        used.add(given);
      }
    }
    for (ObjectNode item : items) {
      if (!item.has("id")) {
        for (ObjectNode other : before) {
          String id = EntityJson.text(other, "id");
          if (!item.has("id") && id != null && period(item).equals(period(other)) && used.add(id)) {
            item.put("id", id);
          }
        }
      }
    }
    for (int i = 0; i < items.size(); i++) {
      if (!items.get(i).has("id")) {
        String id = i < before.size() ? EntityJson.text(before.get(i), "id") : null;
        items.get(i).put("id", id != null && used.add(id) ? id : newId(prefix));
      }
    }
  }

  private static String period(ObjectNode item) {
    StringBuilder period = new StringBuilder();
    for (String field :
        List.of(
            "reset_duration",
            "budget_duration",
            "token_reset_duration",
            "request_reset_duration")) {
      String text = EntityJson.text(item, field);
      if (text != null) {
        period.append(Format.period(text)).append(' ');
      }
    }
    return period.toString();
  }

  /** Cycles of a top-up are counted from when it was given. */
  private void started(ObjectNode budget, @Nullable ObjectNode former) {
    if (budget.get("override") instanceof ObjectNode override
        && !override.has("started_at")
        && !"forever".equals(EntityJson.text(override, "mode"))) {
      JsonNode before = former == null ? null : former.get("override");
      String kept =
          before instanceof ObjectNode same
                  && override.get("amount").equals(same.get("amount"))
                  && String.valueOf(override.get("cycles"))
                      .equals(String.valueOf(same.get("cycles")))
              ? EntityJson.text(same, "started_at")
              : null;
      override.put("started_at", kept == null ? now.toString() : kept);
    }
    if (budget.has("created_at")) {
      return;
    }
    String created = former == null ? null : EntityJson.text(former, "created_at");
    budget.put("created_at", created == null ? now.toString() : created);
  }

  private static List<ObjectNode> all(ObjectNode owner, String one, String many) {
    List<ObjectNode> all = new ArrayList<>();
    if (owner.get(one) instanceof ObjectNode single && !single.isEmpty()) {
      all.add(single);
    }
    all.addAll(objects(owner, many));
    return all;
  }

  private static List<ObjectNode> objects(ObjectNode owner, String list) {
    List<ObjectNode> objects = new ArrayList<>();
    if (owner.get(list) instanceof ArrayNode items) {
      for (JsonNode item : items) {
        if (item instanceof ObjectNode object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }
}
