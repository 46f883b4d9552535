package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.port.Documents.Document;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Entities as JSON: from the file, from the database, and as they are shown. */
final class EntityJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();
  private static final Origin DATABASE = new Origin(Origin.Source.DATABASE, "the database");

  private EntityJson() {}

  /** Shape of what people write for an entity of {@code kind}; null for an unknown kind. */
  static Shape.@Nullable Struct shape(String kind) {
    return switch (kind) {
      case StoredProviders.PROVIDER -> ProviderFields.STORED_PROVIDER;
      case StoredProviders.KEY -> ProviderFields.STORED_KEY;
      case StoredClient.KIND -> ConfigFields.CLIENT;
      default -> EntityReader.shape(kind, false);
    };
  }

  /** The object in {@code json}, which was read already. */
  static ObjectNode parse(String json) {
    try {
      return MAPPER.readTree(json) instanceof ObjectNode object
          ? object
          : MAPPER.createObjectNode();
    } catch (JacksonException damaged) {
      return MAPPER.createObjectNode();
    }
  }

  static String write(ObjectNode object) {
    return MAPPER.writeValueAsString(object);
  }

  /** As it is kept: in ASCII alone, so that very many take half the room in memory. */
  static String kept(ObjectNode object) {
    return MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(object);
  }

  /** A document as it is shown. */
  static Entity shown(Document document) {
    ObjectNode object = parse(document.json());
    String name = document.name();
    if (document.kind().equals("virtual_key")) {
      object.remove("hash");
      if (object.remove("former") instanceof ObjectNode former && former.get("until") != null) {
        object.set("former_value_until", former.get("until"));
      }
    }
    String own = document.kind().equals(StoredProviders.KEY) ? text(object, "name") : null;
    if (own != null) {
      name = own;
    }
    mask(document.kind(), object);
    return new Entity(
        document.kind(), document.id(), name, write(object), DATABASE, document.revision());
  }

  /** An entity of the file as it is shown. */
  static Entity shown(FileEntity entity) {
    ObjectNode object = (ObjectNode) node(entity.item());
    object.put("id", entity.id());
    mask(entity.kind(), object);
    return new Entity(
        entity.kind(),
        entity.id(),
        entity.name(),
        write(object),
        new Origin(Origin.Source.FILE, entity.place()),
        0);
  }

  private static void mask(String kind, ObjectNode object) {
    Shape.Struct shape = shape(kind);
    if (shape != null) {
      SecretFields.mask(object, shape);
    }
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static @Nullable String text(JsonNode object, String field) {
    JsonNode found = object.get(field);
    return found != null && found.isString() ? found.stringValue() : null;
  }

  /** The same value without lines. */
  static JsonNode node(Json json) {
    JsonNodeFactory nodes = MAPPER.getNodeFactory();
    return switch (json) {
      case Json.Obj(Map<String, Json> members, int _, int _) -> {
        ObjectNode object = nodes.objectNode();
        members.forEach((name, member) -> object.set(name, node(member)));
        yield object;
      }
      case Json.Arr(List<Json> items, int _, int _) -> {
        ArrayNode list = nodes.arrayNode();
        items.forEach(item -> list.add(node(item)));
        yield list;
      }
      case Json.Text(String value, int _, int _) -> nodes.stringNode(value);
      case Json.Num(BigDecimal value, int _, int _) -> nodes.numberNode(value);
      case Json.Bool(boolean value, int _, int _) -> nodes.booleanNode(value);
      case Json.Null _ -> nodes.nullNode();
    };
  }
}
