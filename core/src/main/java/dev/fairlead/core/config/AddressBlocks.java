package dev.fairlead.core.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Blocks of addresses, as {@code 10.0.0.0/8} or {@code ::1/128}. */
public final class AddressBlocks {
  /** No address at all. */
  public static final AddressBlocks NONE = new AddressBlocks(List.of(), List.of());

  private static final class Block {
    private final byte[] address;
    private final int bits;

    Block(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != other[i]) {
          return false;
        }
      }
      int rest = 8 - bits % 8;
      return rest == 8 || (address[whole] & 0xff) >> rest == (other[whole] & 0xff) >> rest;
    }
  }

  private final List<String> written;
  private final List<Block> blocks;

  private AddressBlocks(List<String> written, List<Block> blocks) {
    this.written = written;
    this.blocks = blocks;
  }

  /**
   * The blocks {@code written}, each an address, a slash and the number of leading bits that count.
   *
   * @throws IllegalArgumentException when one is nothing of that kind
   */
  public static AddressBlocks of(List<String> written) {
    List<Block> blocks = new ArrayList<>();
    for (String text : written) {
      int slash = text.indexOf('/');
      if (slash < 0) {
        throw new IllegalArgumentException("not an address block: " + text);
      }
      byte[] address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
      int bits = Integer.parseInt(text.substring(slash + 1));
      if (address.length == 4 && text.indexOf(':') >= 0) {
        bits -= 96;
      }
      if (bits < 0 || bits > 8 * address.length) {
        throw new IllegalArgumentException("not an address block: " + text);
      }
      blocks.add(new Block(address, bits));
    }
    return blocks.isEmpty() ? NONE : new AddressBlocks(List.copyOf(written), List.copyOf(blocks));
  }

  /** Whether {@code address} lies in one of them; IPv4 inside IPv6 counts as IPv4. */
  public boolean contains(InetAddress address) {
    if (blocks.isEmpty()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    for (Block block : blocks) {
      if (block.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  public boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** As they were written. */
  public List<String> written() {
    return written;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressBlocks that && written.equals(that.written);
  }

  @Override
  public int hashCode() {
    return written.hashCode();
  }

  @Override
  public String toString() {
    return written.toString();
  }
}
