package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes what the provider did itself: searches of the web, pictures, and items of our dialect. */
final class ProviderItems {
  private static final Interests WANTED =
      Interests.of("type", "id", "query", "queries", "action", "content");
  private static final int MOST_SOURCES = 100;

  private final OutputItems items;
  private final ReplyFrames frames;

  /** The search being written. */
  private @Nullable String searchId;

  private String calledAs = "";
  private String action = "";

  ProviderItems(OutputItems items, ReplyFrames frames) {
    this.items = items;
    this.frames = frames;
  }

  void call(ReplyEvent.ServerCall call, Consumer<Bytes> out) {
    if (!call.name().contains("search")) {
      items.drop(call.name().isEmpty() ? "server_tool_use" : call.name());
      return;
    }
    String id =
        call.id().startsWith("ws_") && items.claim(call.id()) ? call.id() : items.newId("ws");
    searchId = id;
    calledAs = call.id();
    action = action(call.input());
    items.added(
        out,
        item ->
            item.beginObject()
                .field("id", id)
                .field("type", "web_search_call")
                .field("status", "in_progress")
                .endObject());
    progress("response.web_search_call.in_progress", id, out);
    progress("response.web_search_call.searching", id, out);
  }

  private void progress(String type, String id, Consumer<Bytes> out) {
    frames.send(
        type, out, frame -> frame.field("output_index", items.index()).field("item_id", id));
  }

  private static String action(Bytes input) {
    Envelope object = object(input);
    if (object != null && object.string("type") != null) {
      return RawJson.oneLine(input).utf8();
    }
    String query = object == null ? null : object.string("query");
    return new JsonWriter()
        .beginObject()
        .field("type", "search")
        .field("query", query == null ? "" : query)
        .endObject()
        .text();
  }

  private static @Nullable Envelope object(Bytes json) {
    try {
      return Envelope.scan(json, WANTED, ScanRules.REPLY);
    } catch (MalformedBody noObject) {
      return null;
    }
  }

  void result(ReplyEvent.ServerResult result, Consumer<Bytes> out) {
    if (searchId == null || !calledAs.equals(result.callId())) {
      items.drop(result.name().isEmpty() ? result.content().type() : result.name());
      return;
    }
    if (result.content().dialect() != Dialect.OPENAI_RESPONSES) {
      // The pages' addresses are all of a result that an action can say.
      action = withSources(action, sources(result.content().raw()));
      items.drop(result.content().type());
    }
    close(out);
  }

  /** The addresses in a list of results, or in an object that has one as its content. */
  private static List<String> sources(Bytes raw) {
    List<String> found = new ArrayList<>();
    for (Bytes element : RawArray.elementsOrContent(raw)) {
      Envelope page = null;
      try {
        page = Envelope.scan(element, Interests.of("url"), ScanRules.REPLY);
      } catch (MalformedBody noObject) {
        continue;
      }
      String url = page.string("url");
      if (url != null && found.size() < MOST_SOURCES) {
        found.add(url);
      }
    }
    return found;
  }

  private static String withSources(String action, List<String> urls) {
    if (urls.isEmpty()) {
      return action;
    }
    JsonWriter out = new JsonWriter().beginArray();
    for (String url : urls) {
      out.beginObject().field("type", "url").field("url", url).endObject();
    }
    String sources = out.endArray().text();
    return action.substring(0, action.length() - 1) + ",\"sources\":" + sources + "}";
  }

  /** The search, if one is open, is complete. */
  void close(Consumer<Bytes> out) {
    String id = searchId;
    if (id == null) {
      return;
    }
    searchId = null;
    progress("response.web_search_call.completed", id, out);
    items.done(
        new JsonWriter()
            .beginObject()
            .field("id", id)
            .field("type", "web_search_call")
            .field("status", "completed")
            .name("action")
            .raw(action)
            .endObject()
            .text(),
        out);
  }

  void image(ReplyEvent.Image image, Consumer<Bytes> out) {
    String id = items.newId("ig");
    items.added(
        out,
        item ->
            item.beginObject()
                .field("id", id)
                .field("type", "image_generation_call")
                .field("status", "in_progress")
                .field("result", null)
                .endObject());
    progress("response.image_generation_call.in_progress", id, out);
    progress("response.image_generation_call.completed", id, out);
    String format = image.mediaType().substring(image.mediaType().indexOf('/') + 1);
    items.done(
        new JsonWriter()
            .beginObject()
            .field("id", id)
            .field("type", "image_generation_call")
            .field("status", "completed")
            .field("output_format", format)
            .field("result", image.base64().utf8())
            .endObject()
            .text(),
        out);
  }

  /** Whether it is an output item of our dialect, with an id that no other item has. */
  boolean isItem(Foreign foreign) {
    if (foreign.dialect() != Dialect.OPENAI_RESPONSES || foreign.type().startsWith("response.")) {
      return false;
    }
    Envelope object = object(foreign.raw());
    if (object == null) {
      return false;
    }
    String id = object.string("id");
    return foreign.type().equals(object.string("type")) && id != null && items.claim(id);
  }

  void other(Foreign foreign, Consumer<Bytes> out) {
    String item = RawJson.oneLine(foreign.raw()).utf8();
    items.added(out, frame -> frame.raw(item));
    items.done(item, out);
  }
}
