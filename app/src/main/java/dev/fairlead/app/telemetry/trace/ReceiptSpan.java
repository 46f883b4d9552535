package dev.fairlead.app.telemetry.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;

/** A span that is over, as the exporters take it. */
record ReceiptSpan(
    String getName,
    SpanKind getKind,
    SpanContext getSpanContext,
    SpanContext getParentSpanContext,
    long getStartEpochNanos,
    long getEndEpochNanos,
    StatusData getStatus,
    Attributes getAttributes,
    Resource getResource,
    InstrumentationScopeInfo getInstrumentationScopeInfo)
    implements SpanData {
  @Override
  public List<EventData> getEvents() {
    return List.of();
  }

  @Override
  public List<LinkData> getLinks() {
    return List.of();
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return 0;
  }

  @Override
  public int getTotalRecordedLinks() {
    return 0;
  }

  @Override
  public int getTotalAttributeCount() {
    return getAttributes.size();
  }

  @Override
  @SuppressWarnings({"deprecation", "removal"})
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create(
        getInstrumentationScopeInfo.getName(), getInstrumentationScopeInfo.getVersion());
  }
}
