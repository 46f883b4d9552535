package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.admin.AuditLog.Subject;

/** Puts down in the audit log who read prompts and what was done to requests. */
public final class AuditedReading implements PromptAudit {
  private static final String KIND = "request";

  private final AuditLog audit;

  public AuditedReading(AuditLog audit) {
    this.audit = audit;
  }

  @Override
  public void read(ApiCall call, String what) {
    audit.promptRead(call, what);
  }

  @Override
  public void did(ApiCall call, String action, String what) {
    audit.did(call, action, new Subject(KIND, what, what), "");
  }
}
