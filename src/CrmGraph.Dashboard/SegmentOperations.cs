using System.Text.Json;

namespace CrmGraph.Dashboard;

/// <summary>The operations of the segments' pages, and their results.</summary>
internal static class SegmentOperations
{
    public static readonly Operation<SegmentsData> Segments = new("segments");
    public static readonly Operation<SegmentData> Segment = new("segment");
    public static readonly Operation<SegmentPreviewData> Preview = new("segment-preview");
    public static readonly Operation<Outcome<SegmentSaved>> Create = new("segment-create");
    public static readonly Operation<Outcome<SegmentSaved>> Update = new("segment-update");
    public static readonly Operation<Outcome<SegmentSaved>> Delete = new("segment-delete");
}

public sealed record SegmentsData(Listed<SegmentRow> Segments);

public sealed record SegmentRow(
    string Id, string Key, string Name, string? Description, string Kind, int MemberCount, DateTime UpdatedAt, string? BrokenReason);

public sealed record SegmentData(SegmentNow? Segment);

public sealed record SegmentNow(
    string Id, string Key, string Name, string? Description, string Kind, string? BrokenReason, DateTime UpdatedAt, JsonElement? Definition,
    Listed<SegmentMember> Members);

public sealed record SegmentMember(string Id, string Name, string LifecycleStage, string? Country, string? City, int OrderCount, DateOnly? LastPurchase);

public sealed record SegmentName(string Id, string Name);

public sealed record SegmentPreviewData(SegmentSample SegmentPreview);

public sealed record SegmentSample(int Count, IReadOnlyList<SegmentMember> Sample);

/// <summary>What a mutation did, or why not.</summary>
public sealed record Outcome<T>(T Saved);

public sealed record SegmentSaved(OnlyId? Segment, IReadOnlyList<Refusal>? Errors);

public sealed record OnlyId(string Id);

public record Refusal(string Message, string CodeLabel);
