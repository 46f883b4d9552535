package dev.fairlead.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * Those that are under way on an event loop. Joining and leaving, which every request does, cost a
 * store each. Confined to its loop.
 */
final class Roster<T extends Roster.Member> {
  /** Who can stand in one roster at a time. */
  abstract static class Member {
    private int place = -1;
  }

  private final List<T> members = new ArrayList<>();

  /** Adds {@code joining}, unless it is there. */
  void add(T joining) {
    Member member = joining;
    if (member.place < 0) {
      member.place = members.size();
      members.add(joining);
    }
  }

  /** Removes {@code leaving}, if it is there. */
  void remove(T leaving) {
    Member member = leaving;
    if (member.place >= 0) {
      T last = members.removeLast();
      if (member.place < members.size()) {
        members.set(member.place, last);
        ((Member) last).place = member.place;
      }
      member.place = -1;
    }
  }

  int size() {
    return members.size();
  }

  /** Who is there now; does not change when they leave. */
  List<T> present() {
    return List.copyOf(members);
  }
}
