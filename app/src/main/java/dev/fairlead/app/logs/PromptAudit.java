package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiCall;

/** Told whenever somebody reads what others said, or does away with it. */
public interface PromptAudit {
  /** Keeps no record: for a gateway without accounts, whose only reader is its owner. */
  PromptAudit UNWRITTEN =
      new PromptAudit() {
        @Override
        public void read(ApiCall call, String what) {}

        @Override
        public void did(ApiCall call, String action, String what) {}
      };

  /** What was said in {@code what} (the id of a request, or words for several) was read. */
  void read(ApiCall call, String what);

  /** Something was done to the log or to requests under way. */
  void did(ApiCall call, String action, String what);
}
