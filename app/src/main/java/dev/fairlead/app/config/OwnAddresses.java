package dev.fairlead.app.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where this process listens, to find a provider that would be the gateway itself. Names of
 * providers are not resolved; a loop through another name ends at the count of hops.
 */
public final class OwnAddresses {
  /** Nothing is known of them. */
  public static final OwnAddresses UNKNOWN = new OwnAddresses(Set.of(), false, Set.of());

  private final Set<InetAddress> addresses;
  private final boolean all;
  private final Set<Integer> ports;

  private OwnAddresses(Set<InetAddress> addresses, boolean all, Set<Integer> ports) {
    this.addresses = Set.copyOf(addresses);
    this.all = all;
    this.ports = Set.copyOf(ports);
  }

  /** Those of a listener on {@code hosts}, which are addresses or names, and {@code ports}. */
  public static OwnAddresses of(List<String> hosts, Set<Integer> ports) {
    Set<InetAddress> addresses = new HashSet<>();
    boolean all = false;
    for (String host : hosts) {
      try {
        for (InetAddress address :
            isLocalName(host) ? loopback() : InetAddress.getAllByName(host)) {
          all |= address.isAnyLocalAddress();
          addresses.add(address);
        }
      } catch (UnknownHostException unknown) {
        // The listener says so itself.
      }
    }
    return new OwnAddresses(addresses, all, ports);
  }

  /** Whether a request to {@code url} would come back here. */
  boolean contain(URI url) {
    int usual = "https".equals(url.getScheme()) ? 443 : 80;
    if (url.getHost() == null || !ports.contains(url.getPort() < 0 ? usual : url.getPort())) {
      return false;
    }
    String host = url.getHost();
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (isLocalName(host)) {
      return all || containsAny(loopback());
    }
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      // Whoever connects to the unspecified address reaches this machine's loopback.
      return address.isAnyLocalAddress()
          ? all || containsAny(loopback())
          : addresses.contains(address) || (all && isOfThisMachine(address));
    } catch (IllegalArgumentException aName) {
      return false;
    }
  }

  private boolean containsAny(InetAddress[] some) {
    for (InetAddress address : some) {
      if (addresses.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLocalName(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("localhost") || lower.endsWith(".localhost");
  }

  private static InetAddress[] loopback() {
    return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")};
  }

  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      return false;
    }
  }
}
