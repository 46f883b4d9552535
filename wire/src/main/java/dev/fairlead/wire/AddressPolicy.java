package dev.fairlead.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a provider's name may lead to. Checked on the address that is connected to, not
 * on the name.
 */
final class AddressPolicy {
  private AddressPolicy() {}

  /**
   * Whether {@code address} may be connected to: loopback always, link-local never, private ones
   * when allowed.
   */
  static boolean allows(InetAddress address, boolean privateAllowed) {
    if (address.isLoopbackAddress()) {
      return true;
    }
    InetAddress inner = embedded(address);
    if (inner != null) {
      // A loopback address inside another one is nothing a provider is reached by.
      return !inner.isLoopbackAddress() && allows(inner, privateAllowed);
    }
    if (address.isLinkLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return privateAllowed || !isPrivate(address);
  }

  /**
   * The IPv4 address that an IPv6 address stands for, or null: NAT64 (RFC 6052), 6to4 (RFC 3056)
   * and the deprecated IPv4-compatible form (RFC 4291 §2.5.5.1).
   */
  private static @Nullable InetAddress embedded(InetAddress address) {
    byte[] b = address.getAddress();
    if (b.length != 16 || address.isAnyLocalAddress()) {
      return null;
    }
    if (startsWith(b, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)
        || startsWith(b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) {
      return v4(b, 12);
    }
    return startsWith(b, 0x20, 0x02) ? v4(b, 2) : null;
  }

  private static boolean startsWith(byte[] address, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((address[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static InetAddress v4(byte[] address, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("four bytes are an address", impossible);
    }
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] b = address.getAddress();
    return switch (address) {
      case Inet4Address _ ->
          address.isSiteLocalAddress()
              // carrier-grade NAT, and 0.0.0.0/8, which some systems take for themselves
              || ((b[0] & 0xff) == 100 && (b[1] & 0xc0) == 64)
              || b[0] == 0
              || (b[0] & 0xff) >= 240;
      case Inet6Address _ -> address.isSiteLocalAddress() || (b[0] & 0xfe) == 0xfc;
      default -> true;
    };
  }
}
