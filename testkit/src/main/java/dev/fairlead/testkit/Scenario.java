package dev.fairlead.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * One exchange through a gateway in four values: what the client sends, what the provider must
 * receive, what the provider answers, and what the client must get.
 *
 * @param name appears in failures and as the name of a parameterised test
 */
public record Scenario(
    String name,
    ClientRequest request,
    ExpectedUpstream upstream,
    Script providerReply,
    ExpectedReply reply) {

  /** What the client sends; {@code host} and {@code content-length} are added. */
  public record ClientRequest(String method, String target, List<Header> headers, Bytes body) {
    public ClientRequest {
      headers = List.copyOf(headers);
    }

    /** A JSON body with POST. */
    public static ClientRequest post(String target, String json, Header... headers) {
      var all = new ArrayList<>(List.of(headers));
      all.add(Header.of("content-type", "application/json"));
      return new ClientRequest("POST", target, all, Bytes.utf8(json));
    }

    public static ClientRequest get(String target, Header... headers) {
      return new ClientRequest("GET", target, List.of(headers), Bytes.EMPTY);
    }
  }

  /** What must arrive at the provider. */
  public sealed interface ExpectedUpstream {

    /** One request, its body byte for byte. */
    record Call(String method, String target, Bytes body, List<HeaderRule> headers)
        implements ExpectedUpstream {
      public Call {
        headers = List.copyOf(headers);
      }
    }

    /** Nothing: the gateway refuses by itself. */
    record Nothing() implements ExpectedUpstream {}

    static ExpectedUpstream post(String target, String body, HeaderRule... headers) {
      return new Call("POST", target, Bytes.utf8(body), List.of(headers));
    }

    static ExpectedUpstream get(String target, HeaderRule... headers) {
      return new Call("GET", target, Bytes.EMPTY, List.of(headers));
    }

    static ExpectedUpstream nothing() {
      return new Nothing();
    }
  }

  /** What must come back to the client, the body byte for byte after its framing is taken off. */
  public record ExpectedReply(int status, Bytes body, List<HeaderRule> headers) {
    public ExpectedReply {
      headers = List.copyOf(headers);
    }

    public static ExpectedReply of(int status, Bytes body, HeaderRule... headers) {
      return new ExpectedReply(status, body, List.of(headers));
    }

    /** The very body that the provider's script sends. */
    public static ExpectedReply unchanged(int status, Script script, HeaderRule... headers) {
      return of(status, script.payload(), headers);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
