using CrmGraph.Reporting.Access;

namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>How a batch is written.</summary>
public sealed record WriteOptions
{
    /// <summary>Who writes: his row rule bounds what he may touch, and new customers of a representative or manager become his.</summary>
    public Caller Caller { get; init; } = Caller.System;
    /// <summary>One refused record refuses the whole batch.</summary>
    public bool AllOrNothing { get; init; }
    /// <summary>A refused line refuses its order; otherwise the order is written without it.</summary>
    public bool WholeOrders { get; init; }
    /// <summary>
    /// Shared by all batches of one file: facts without an outside id get one from their content and how often it came before, so the same file gives
    /// the same ids; a line without a key is told once. Null: lines are told within their record, other facts without id and key are always new.
    /// </summary>
    public ContentIds? ContentIds { get; init; }
}
