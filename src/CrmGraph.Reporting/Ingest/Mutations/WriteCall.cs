using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Customers;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Ingest.Mutations;

/// <summary>What happened to one entry of a bulk mutation.</summary>
public sealed record RowOutcome
{
    /// <summary>The position in the input list, counted from 0.</summary>
    public required int Index { get; init; }
    /// <summary>What happened to the entry.</summary>
    public required WriteStatus Status { get; init; }
    /// <summary>The ID of the row; null if the entry was refused.</summary>
    [GraphQLType("ID")] public string? Id { get; init; }
    /// <summary>Why the entry was refused, as a stable code for programs; null if it was not.</summary>
    public string? Code { get; init; }
    /// <summary>Why the entry was refused and how to correct it; null if it was not.</summary>
    public string? Message { get; init; }
    /// <summary>The input field at fault; null if the entry was not refused, or is at fault as a whole.</summary>
    public string? Field { get; init; }
}

/// <summary>What happened in a bulk mutation.</summary>
public sealed record BulkOutcome
{
    /// <summary>False if `allOrNothing` was set and an entry was refused, so that nothing was written.</summary>
    public required bool Written { get; init; }
    /// <summary>The number of rows created.</summary>
    public required int Created { get; init; }
    /// <summary>The number of rows updated.</summary>
    public required int Updated { get; init; }
    /// <summary>The number of rows that were stored already.</summary>
    public required int Unchanged { get; init; }
    /// <summary>The number of entries refused.</summary>
    public required int Refused { get; init; }
    /// <summary>One outcome per entry of the input, in the same order.</summary>
    public required IReadOnlyList<RowOutcome> Rows { get; init; }
}

/// <summary>A mutation's way to the writer: checks the role, writes, and turns refusals into typed errors or outcomes.</summary>
internal sealed class WriteCall
{
    private readonly ResolverContext _context;

    private WriteCall(ResolverContext context, Caller caller) => (_context, Caller) = (context, caller);

    public Caller Caller { get; }
    public DateTime Now => Instants.Now(_context.Services.GetRequiredService<TimeProvider>());
    public CancellationToken Cancelled => _context.CancellationToken;
    public CustomerWriter Customers => _context.Services.GetRequiredService<CustomerWriter>();
    public FactRemover Remover => _context.Services.GetRequiredService<FactRemover>();
    private CrmLimits Limits => _context.Services.GetService<CrmLimits>() ?? new();

    /// <summary>For callers who may change what the CRM holds: representatives and managers their own customers', administrators all. Analysts and viewers read.</summary>
    public static WriteCall Of(ResolverContext context)
    {
        var caller = context.State.Require<Caller>();
        if (caller.Role is not (Role.Representative or Role.Manager or Role.Administrator))
            throw new GraphQLException(ErrorCodes.NotAuthorized, "Changing CRM data needs the role REPRESENTATIVE, MANAGER or ADMINISTRATOR.");
        return new WriteCall(context, caller);
    }

    public static WriteCall OfAdministrator(ResolverContext context)
    {
        var call = Of(context);
        return call.Caller.Role == Role.Administrator ? call : throw new GraphQLException(ErrorCodes.NotAuthorized, "This needs the role ADMINISTRATOR.");
    }

    /// <summary>Writes the record of one input.</summary>
    public Task<RecordResult> OneAsync<TRecord>(Func<IngestBatch, List<TRecord>> records, object input) where TRecord : IngestRecord
        => WriteAsync(records, input.ToRecord<TRecord>(0));

    /// <summary>Writes one record; a refusal is thrown as the typed error that it is.</summary>
    public async Task<RecordResult> WriteAsync<TRecord>(Func<IngestBatch, List<TRecord>> records, TRecord record) where TRecord : IngestRecord
    {
        var batch = new IngestBatch();
        records(batch).Add(record);
        var outcome = await WriteAsync(batch, allOrNothing: true);
        if (!outcome.Written)
            throw outcome.Refusals[0].ToException();
        return outcome.Results(record.Kind)[0];
    }

    public async Task<BulkOutcome> ManyAsync<TRecord>(
        RecordKind kind, string typeName, Func<IngestBatch, List<TRecord>> records, IReadOnlyList<object> inputs, bool allOrNothing)
        where TRecord : IngestRecord
    {
        if (inputs.Count > Limits.BulkRows)
            throw new ValidationException(RefusalCodes.OutOfRange, $"The list has {inputs.Count} entries; at most {Limits.BulkRows} are taken at once.", null);
        var batch = new IngestBatch();
        records(batch).AddRange(inputs.Select((input, i) => input.ToRecord<TRecord>(i)));
        var outcome = await WriteAsync(batch, allOrNothing);
        var count = outcome.Count(kind);
        return new BulkOutcome
        {
            Written = outcome.Written,
            Created = (int)count.Created,
            Updated = (int)count.Updated,
            Unchanged = (int)count.Unchanged,
            Refused = (int)count.Refused,
            Rows = [.. outcome.Results(kind).Select((r, i) => Row(r, i, typeName, outcome.Written))],
        };
    }

    private Task<IngestOutcome> WriteAsync(IngestBatch batch, bool allOrNothing) => _context.Services.GetRequiredService<CrmWriter>()
        .WriteAsync(batch, new WriteOptions { Caller = Caller, AllOrNothing = allOrNothing, WholeOrders = true }, Cancelled);

    private static RowOutcome Row(RecordResult result, int index, string typeName, bool written) => new()
    {
        Index = index,
        Status = result.Status,
        Id = result.Refusal is not null || !written || result.Id == Guid.Empty ? null : GlobalId(typeName, result.Id),
        Code = result.Refusal?.Code,
        Message = result.Refusal?.Message,
        Field = result.Refusal?.Field,
    };

    /// <summary>The global id as the schema writes it.</summary>
    internal static string GlobalId(string typeName, Guid id) =>
        Convert.ToBase64String([.. System.Text.Encoding.ASCII.GetBytes(typeName + ":"), .. id.ToByteArray(bigEndian: true)]);
}
