package dev.fairlead.conformance.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A capability of models, asked for in each client's dialect. The first fifteen are those of
 * LiteLLM's compatibility matrix for Claude Code, by its names.
 *
 * @see CompatibilityTest
 */
enum Feature {
  BASIC_MESSAGING_NON_STREAMING(Answer.TEXT) {
    @Override
    String wanted(Vendor vendor) {
      return "Hello there";
    }
  },
  BASIC_MESSAGING_STREAMING(Answer.TEXT) {
    @Override
    boolean streams() {
      return true;
    }

    @Override
    String wanted(Vendor vendor) {
      return "Hello there";
    }
  },
  TOOL_USE(Answer.CALLS) {
    @Override
    String more(Shape client) {
      return tools(client);
    }

    @Override
    String wanted(Vendor vendor) {
      return "get_weather";
    }
  },
  PROMPT_CACHING_5M(Answer.TEXT) {
    @Override
    @Nullable String content(Shape client) {
      return marked(client, "{'type':'ephemeral'}");
    }

    @Override
    String wanted(Vendor vendor) {
      return vendor == Vendor.MESSAGES ? "\"cache_control\"" : AUTOMATIC;
    }
  },
  VISION(Answer.TEXT) {
    @Override
    String content(Shape client) {
      return switch (client) {
        case CHAT ->
            "[{'type':'text','text':'Hello there'},{'type':'image_url',"
                + "'image_url':{'url':'data:image/png;base64,iVBORw0KGgoPICTURE'}}]";
        case RESPONSES ->
            "[{'type':'input_text','text':'Hello there'},"
                + "{'type':'input_image','image_url':'data:image/png;base64,iVBORw0KGgoPICTURE'}]";
        case MESSAGES ->
            "[{'type':'text','text':'Hello there'},{'type':'image','source':{'type':'base64',"
                + "'media_type':'image/png','data':'iVBORw0KGgoPICTURE'}}]";
      };
    }

    @Override
    String wanted(Vendor vendor) {
      return "iVBORw0KGgoPICTURE";
    }
  },
  THINKING(Answer.THOUGHT) {
    @Override
    String more(Shape client) {
      return thinking(client);
    }

    @Override
    String wanted(Vendor vendor) {
      return thinks(vendor);
    }
  },
  TOOL_USE_STREAMING(Answer.CALLS) {
    @Override
    boolean streams() {
      return true;
    }

    @Override
    String more(Shape client) {
      return tools(client);
    }

    @Override
    String wanted(Vendor vendor) {
      return "get_weather";
    }
  },
  THINKING_WITH_TOOL_USE(Answer.CALLS) {
    @Override
    String more(Shape client) {
      return thinking(client) + tools(client);
    }

    @Override
    String wanted(Vendor vendor) {
      return thinks(vendor);
    }
  },
  PDF_INPUT(Answer.TEXT) {
    @Override
    String content(Shape client) {
      return switch (client) {
        case CHAT ->
            "[{'type':'text','text':'Hello there'},{'type':'file','file':{'filename':'a.pdf',"
                + "'file_data':'data:application/pdf;base64,JVBERi0xDOCUMENT'}}]";
        case RESPONSES ->
            "[{'type':'input_text','text':'Hello there'},{'type':'input_file',"
                + "'filename':'a.pdf','file_data':'data:application/pdf;base64,JVBERi0xDOCUMENT'}]";
        case MESSAGES ->
            "[{'type':'text','text':'Hello there'},{'type':'document','source':{'type':'base64',"
                + "'media_type':'application/pdf','data':'JVBERi0xDOCUMENT'}}]";
      };
    }

    @Override
    String wanted(Vendor vendor) {
      return "JVBERi0xDOCUMENT";
    }
  },
  PROMPT_CACHING_1H(Answer.TEXT) {
    @Override
    @Nullable String content(Shape client) {
      return marked(client, "{'type':'ephemeral','ttl':'1h'}");
    }

    @Override
    String wanted(Vendor vendor) {
      return vendor == Vendor.MESSAGES ? "\"ttl\":\"1h\"" : AUTOMATIC;
    }
  },
  WEB_SEARCH(Answer.TEXT) {
    @Override
    String more(Shape client) {
      return switch (client) {
        case CHAT -> ",'web_search_options':{}";
        case RESPONSES -> ",'tools':[{'type':'web_search'}]";
        case MESSAGES -> ",'tools':[{'type':'web_search_20250305','name':'web_search'}]";
      };
    }

    @Override
    String wanted(Vendor vendor) {
      return switch (vendor) {
        case GEMINI -> "google_search|googleSearch";
        case RESPONSES, CHAT, MESSAGES, OLLAMA -> "web_search";
      };
    }
  },
  STRUCTURED_OUTPUTS(Answer.TEXT) {
    @Override
    String more(Shape client) {
      String schema =
          "{'type':'object','properties':{'zebra_stripes':{'type':'integer'}},"
              + "'required':['zebra_stripes'],'additionalProperties':false}";
      return switch (client) {
        case CHAT ->
            ",'response_format':{'type':'json_schema','json_schema':{'name':'z','strict':true,"
                + "'schema':"
                + schema
                + "}}";
        case RESPONSES ->
            ",'text':{'format':{'type':'json_schema','name':'z','strict':true,'schema':"
                + schema
                + "}}";
        case MESSAGES ->
            ",'output_config':{'format':{'type':'json_schema','schema':" + schema + "}}";
      };
    }

    @Override
    String wanted(Vendor vendor) {
      return "zebra_stripes";
    }
  },
  COUNT_TOKENS(Answer.COUNT) {
    @Override
    @Nullable String content(Shape client) {
      return client == Shape.CHAT ? null : "'Hello there'";
    }

    @Override
    String wanted(Vendor vendor) {
      return AUTOMATIC;
    }
  },
  TOOL_SEARCH(Answer.TEXT) {
    @Override
    @Nullable String content(Shape client) {
      return client == Shape.MESSAGES ? "'Hello there'" : null;
    }

    @Override
    String more(Shape client) {
      return ",'tools':[{'type':'tool_search_tool_regex_20251119','name':'tool_search_tool_regex'},"
          + "{'name':'get_weather','defer_loading':true,'input_schema':{'type':'object',"
          + "'properties':{}}}]";
    }

    @Override
    String wanted(Vendor vendor) {
      return vendor == Vendor.MESSAGES ? "defer_loading" : "tool_search_tool_regex";
    }
  },
  LONG_CONTEXT_1M(Answer.TEXT) {
    @Override
    String content(Shape client) {
      return "'Hello there" + " many words of a long book".repeat(60_000) + " END-OF-BOOK'";
    }

    @Override
    String wanted(Vendor vendor) {
      return "END-OF-BOOK";
    }
  },
  PARALLEL_TOOL_CALLS(Answer.TWO_CALLS) {
    @Override
    String more(Shape client) {
      return tools(client);
    }

    @Override
    String wanted(Vendor vendor) {
      return "get_weather";
    }
  },
  SYSTEM_IN_MID_CONVERSATION(Answer.TEXT) {
    @Override
    String before(Shape client) {
      return "{'role':'user','content':'First'},{'role':'assistant','content':'Yes'},"
          + "{'role':'system','content':'MIDWAY be brief'},";
    }

    @Override
    String wanted(Vendor vendor) {
      return "MIDWAY be brief";
    }
  },
  STOP_SEQUENCES(Answer.TEXT) {
    @Override
    @Nullable String content(Shape client) {
      return client == Shape.RESPONSES ? null : "'Hello there'";
    }

    @Override
    String more(Shape client) {
      return client == Shape.CHAT ? ",'stop':['HALT!']" : ",'stop_sequences':['HALT!']";
    }

    @Override
    String wanted(Vendor vendor) {
      return "HALT!";
    }
  },
  SEVERAL_CHOICES(Answer.TEXT) {
    @Override
    @Nullable String content(Shape client) {
      return client == Shape.CHAT ? "'Hello there'" : null;
    }

    @Override
    String more(Shape client) {
      return ",'n':2";
    }

    @Override
    String wanted(Vendor vendor) {
      return "\"n\":2|\"candidateCount\":2";
    }
  },
  REFUSALS(Answer.REFUSAL) {
    @Override
    String wanted(Vendor vendor) {
      return "Hello there";
    }
  },
  CITATIONS(Answer.CITED) {
    @Override
    String wanted(Vendor vendor) {
      return "Hello there";
    }
  },
  PICTURES_IN_TOOL_RESULTS(Answer.TEXT) {
    @Override
    @Nullable String content(Shape client) {
      return client == Shape.CHAT ? null : "'Hello there'";
    }

    @Override
    String before(Shape client) {
      return client == Shape.RESPONSES
          ? "{'type':'function_call','call_id':'call_1','name':'get_weather','arguments':'{}'},"
              + "{'type':'function_call_output','call_id':'call_1','output':[{'type':'input_image',"
              + "'image_url':'data:image/png;base64,iVBORw0KGgoPICTURE'}]},"
          : "{'role':'user','content':'Look'},{'role':'assistant','content':[{'type':'tool_use',"
              + "'id':'toolu_1','name':'get_weather','input':{}}]},{'role':'user','content':["
              + "{'type':'tool_result','tool_use_id':'toolu_1','content':[{'type':'image','source':"
              + "{'type':'base64','media_type':'image/png','data':'iVBORw0KGgoPICTURE'}}]}]},";
    }

    @Override
    String more(Shape client) {
      return tools(client);
    }

    @Override
    String wanted(Vendor vendor) {
      return "iVBORw0KGgoPICTURE";
    }
  },
  FORCED_WEB_SEARCH(Answer.TEXT) {
    @Override
    @Nullable String content(Shape client) {
      return client == Shape.CHAT ? null : "'Hello there'";
    }

    @Override
    String more(Shape client) {
      return WEB_SEARCH.more(client)
          + (client == Shape.RESPONSES
              ? ",'tool_choice':{'type':'web_search'}"
              : ",'tool_choice':{'type':'tool','name':'web_search'}");
    }

    @Override
    String wanted(Vendor vendor) {
      return WEB_SEARCH.wanted(vendor);
    }
  };

  /** What the provider is to say. */
  enum Answer {
    TEXT,
    THOUGHT,
    CALLS,
    TWO_CALLS,
    REFUSAL,
    CITED,
    COUNT
  }

  /** A client's dialect. */
  enum Shape {
    CHAT("/openai/v1/chat/completions", "OpenAI Chat"),
    RESPONSES("/openai/v1/responses", "OpenAI Responses"),
    MESSAGES("/anthropic/v1/messages", "Anthropic Messages");

    private final String path;
    private final String title;

    Shape(String path, String title) {
      this.path = path;
      this.title = title;
    }

    String title() {
      return title;
    }

    String path(Feature feature) {
      if (feature.answer != Answer.COUNT) {
        return path;
      }
      return path + (this == RESPONSES ? "/input_tokens" : "/count_tokens");
    }
  }

  /** Nothing has to be said to the provider. */
  static final String AUTOMATIC = "";

  private final Answer answer;

  Feature(Answer answer) {
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }

  boolean streams() {
    return false;
  }

  /** The user's message, or null where the client's dialect has no such thing. */
  @Nullable String content(Shape client) {
    return "'Hello there'";
  }

  /** Messages before it. */
  String before(Shape client) {
    return "";
  }

  /** Further fields of the body. */
  String more(Shape client) {
    return "";
  }

  /** One of these, separated by bars, has to stand in the provider's request. */
  abstract String wanted(Vendor vendor);

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The body, or null where the client's dialect cannot ask for it. */
  @Nullable String body(Shape client, String model) {
    String content = content(client);
    if (content == null) {
      return null;
    }
    List<String> fields = new ArrayList<>(List.of("'model':'" + model + "'"));
    String messages = "[" + before(client) + "{'role':'user','content':" + content + "}]";
    fields.add((client == Shape.RESPONSES ? "'input':" : "'messages':") + messages);
    if (answer != Answer.COUNT) {
      fields.add("'stream':" + streams());
      fields.add(
          switch (client) {
            case CHAT -> "'max_completion_tokens':4096";
            case RESPONSES -> "'max_output_tokens':4096,'store':false";
            case MESSAGES -> "'max_tokens':4096";
          });
    }
    return ("{" + String.join(",", fields) + more(client) + "}").replace('\'', '"');
  }

  private static String tools(Shape client) {
    String schema = "{'type':'object','properties':{'city':{'type':'string'}}}";
    return switch (client) {
      case CHAT ->
          ",'tools':[{'type':'function','function':{'name':'get_weather','parameters':"
              + schema
              + "}}]";
      case RESPONSES ->
          ",'tools':[{'type':'function','name':'get_weather','strict':false,'parameters':"
              + schema
              + "}]";
      case MESSAGES -> ",'tools':[{'name':'get_weather','input_schema':" + schema + "}]";
    };
  }

  private static String thinking(Shape client) {
    return switch (client) {
      case CHAT -> ",'reasoning_effort':'high'";
      case RESPONSES -> ",'reasoning':{'effort':'high','summary':'auto'}";
      case MESSAGES -> ",'thinking':{'type':'enabled','budget_tokens':2048}";
    };
  }

  private static String thinks(Vendor vendor) {
    return switch (vendor) {
      case RESPONSES -> "\"reasoning\":{";
      case CHAT -> "\"reasoning_effort\":";
      case MESSAGES -> "\"thinking\":{";
      case GEMINI -> "\"thinkingConfig\":{";
      case OLLAMA -> "\"think\":";
    };
  }

  private static @Nullable String marked(Shape client, String mark) {
    return client == Shape.RESPONSES
        ? null
        : "[{'type':'text','text':'Hello there','cache_control':" + mark + "}]";
  }
}
