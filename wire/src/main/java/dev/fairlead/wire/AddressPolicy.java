package dev.fairlead.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses a provider's name may lead to. Checked on the address that is connected to, not on the name. */
final class AddressPolicy {
  private AddressPolicy() {}

  /** Whether {@code address} may be connected to: loopback always, link-local never, private ones when allowed. */
  static boolean allows(InetAddress address, boolean privateAllowed) {
    if (address.isLoopbackAddress()) {
      return true;
    }
    if (address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress()) {
      return false;
    }
    return privateAllowed || !isPrivate(address);
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
