package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of tools the provider runs itself. Those made here of another vendor's searches bear ids
 * of ours, by which they are known when the client sends them back.
 */
final class ServerBlocks {
  private static final String ID = "srvtoolu_";
  private static final String OUR_ID = ID + "fl1";
  private static final Interests IDS = Interests.of("id", "tool_use_id");
  private static final Interests TYPE = Interests.of("type");
  private static final Interests NOTHING = Interests.of();
  private static final int MOST_PAGES = 100;
  private static final int DEEPEST = 8;

  private ServerBlocks() {}

  /** Whether the block was made here, which no vendor would take back. */
  static boolean isOurs(Foreign block) {
    if (!block.type().equals("server_tool_use") && !block.type().equals("web_search_tool_result")) {
      return false;
    }
    Envelope envelope = scan(block.raw(), IDS);
    if (envelope == null) {
      return false;
    }
    String id = envelope.string("id");
    String use = envelope.string("tool_use_id");
    return (id != null && id.startsWith(OUR_ID)) || (use != null && use.startsWith(OUR_ID));
  }

  /** The id a server's call has in Anthropic's dialect. */
  static String id(String id) {
    return id.startsWith(ID) ? id : OUR_ID + WireNames.id(id).replace('-', '_');
  }

  /** What Anthropic calls the tool, or null when it has none like it. */
  static @Nullable String name(String name) {
    return switch (name) {
      case "web_search",
          "web_fetch",
          "code_execution",
          "bash_code_execution",
          "text_editor_code_execution",
          "tool_search_tool_regex",
          "tool_search_tool_bm25",
          "advisor" ->
          name;
      default -> name.contains("search") && !name.contains("file") ? "web_search" : null;
    };
  }

  /** The pages another vendor's search found as {@code web_search_tool_result}. */
  static Bytes searchResult(String callId, Foreign content) {
    JsonWriter out =
        new JsonWriter()
            .beginObject()
            .field("type", "web_search_tool_result")
            .field("tool_use_id", id(callId))
            .name("content")
            .beginArray();
    Bytes wrapped =
        Bytes.concat(List.of(Bytes.utf8("{\"found\":"), content.raw(), Bytes.utf8("}")));
    Envelope found = scan(wrapped, NOTHING);
    if (found != null) {
      pages(found.asValue(), out, new HashSet<>(), 0);
    }
    return out.endArray().endObject().toBytes();
  }

  private static void pages(JsonValue value, JsonWriter out, Set<String> seen, int depth) {
    if (depth > DEEPEST) {
      return;
    }
    if (value.type() == JsonType.ARRAY) {
      for (JsonValue element : value.elements()) {
        pages(element, out, seen, depth + 1);
      }
      return;
    }
    String url = null;
    String title = null;
    for (JsonValue.Field field : value.members()) {
      switch (field.key()) {
        case "url", "uri" -> url = field.value().string();
        case "title" -> title = field.value().string();
        default -> pages(field.value(), out, seen, depth + 1);
      }
    }
    if (url != null && seen.size() < MOST_PAGES && seen.add(url)) {
      out.beginObject()
          .field("type", "web_search_result")
          .field("url", url)
          .field("title", title == null ? url : title)
          .field("encrypted_content", Carried.PREFIX)
          .field("page_age", null)
          .endObject();
    }
  }

  /** Whether the block can stand in a reply as it is: an object with a type. */
  static boolean isBlock(Foreign foreign) {
    if (foreign.dialect() != Dialect.ANTHROPIC_MESSAGES) {
      return false;
    }
    Envelope envelope = scan(foreign.raw(), TYPE);
    return envelope != null && envelope.string("type") != null;
  }

  private static @Nullable Envelope scan(Bytes raw, Interests interests) {
    try {
      return Envelope.scan(raw, interests, ScanRules.REPLY);
    } catch (MalformedBody noObject) {
      return null;
    }
  }
}
