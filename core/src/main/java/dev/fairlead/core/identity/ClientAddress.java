package dev.fairlead.core.identity;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.model.Headers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The address a request came from, past the proxies that are believed. */
public final class ClientAddress {
  /** Entries of {@code X-Forwarded-For} looked at, from the end. */
  private static final int MOST_HOPS = 32;

  private ClientAddress() {}

  /**
   * The peer; or, when that is a proxy of ours, the last address in {@code X-Forwarded-For} that is
   * none. What stands before it was written by strangers and proves nothing.
   */
  public static InetAddress of(InetAddress peer, Headers headers, AddressBlocks proxies) {
    if (!proxies.contains(peer)) {
      return peer;
    }
    List<String> hops = new ArrayList<>();
    for (String line : headers.all("x-forwarded-for")) {
      hops.addAll(List.of(line.split(",", -1)));
    }
    InetAddress client = peer;
    int last = Math.max(0, hops.size() - MOST_HOPS);
    for (int i = hops.size() - 1; i >= last && proxies.contains(client); i--) {
      InetAddress named = parse(hops.get(i).strip());
      if (named == null) {
        return client;
      }
      client = named;
    }
    return client;
  }

  /** An address as proxies write it, perhaps with a port; null for anything else. */
  private static @Nullable InetAddress parse(String text) {
    String address = text;
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      address = end < 0 ? "" : text.substring(1, end);
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      address = text.substring(0, text.indexOf(':'));
    }
    // Names of interfaces are of no use here and would be looked up.
    if (address.isEmpty() || address.length() > 45 || address.indexOf('%') >= 0) {
      return null;
    }
    boolean whole = address.indexOf(':') >= 0 || address.split("\\.", -1).length == 4;
    try {
      return whole ? InetAddress.ofLiteral(address) : null;
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }
}
