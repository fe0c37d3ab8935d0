using System.Text.RegularExpressions;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Lookups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Segments;

/// <summary>The segment cannot be saved with these values.</summary>
public sealed class SegmentInvalidException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>Other segments refer to the segment.</summary>
public sealed class SegmentInUseException(
    IReadOnlyList<string> segments) : Exception($"These segments refer to it: {string.Join(", ", segments)}. Change or delete them first.")
{
    public string Code { get; } = SegmentCodes.InUse;
    /// <summary>The keys of the segments that refer to it.</summary>
    public IReadOnlyList<string> Segments { get; } = segments;
}

/// <summary>Creates, changes and deletes segments. A definition is checked whole before it is saved: it must build and run.</summary>
public sealed partial class SegmentStore(CrmDbContext database, Schema schema, CrmLimits limits, TimeProvider time)
{
    /// <summary>Version of the filter language. It grows when a change of <c>CustomerFilterInput</c> gives old definitions another meaning.</summary>
    public const int DefinitionVersion = 1;

    public async Task<Segment> CreateAsync(
        string key,
        string name,
        string? description,
        InputObject? definition,
        FilterContext context,
        CancellationToken cancellationToken)
    {
        if (!KeyPattern().IsMatch(key))
            throw new SegmentInvalidException(
                SegmentCodes.InvalidKey,
                $"\"{key}\" cannot be a key: 1 to 64 small letters, digits and hyphens, beginning with a letter.");
        CheckName(name);
        CheckDescription(description);
        if (await database.Segments.AnyAsync(s => s.Key == key, cancellationToken))
            throw KeyTaken(key);
        var segment = new Segment
        {
            Id = Guid.CreateVersion7(),
            Key = key,
            Name = name,
            Description = description,
            Kind = definition is null ? SegmentKind.Static : SegmentKind.Dynamic,
            Definition = definition is null ? null : await CheckedAsync(null, definition, context, cancellationToken),
            DefinitionVersion = DefinitionVersion,
        };
        database.Segments.Add(segment);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseEngine.IsTaken(e, "segments", "key"))
        {
            throw KeyTaken(key);
        }

        return segment;
    }

    public async Task<Segment> UpdateAsync(
        Guid id,
        string? name,
        string? description,
        InputObject? definition,
        FilterContext context,
        CancellationToken cancellationToken)
    {
        var segment = await FindAsync(id, cancellationToken);
        if (name is not null)
        {
            CheckName(name);
            segment.Name = name;
        }

        CheckDescription(description);
        segment.Description = description ?? segment.Description;
        if (definition is not null)
        {
            if (segment.Kind == SegmentKind.Static)
                throw new SegmentInvalidException(
                    SegmentCodes.Static,
                    "A static segment has no definition; add and remove its members, or create a dynamic segment.");
            segment.Definition = await CheckedAsync(id, definition, context, cancellationToken);
            segment.DefinitionVersion = DefinitionVersion;
            segment.BrokenReason = null;
        }

        await database.SaveChangesAsync(cancellationToken);
        return segment;
    }

    public async Task<Segment> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var segment = await FindAsync(id, cancellationToken);
        var users = new List<string>();
        foreach (var other in await database.Segments.AsNoTracking().Where(s => s.Id != id && s.Definition != null).ToListAsync(cancellationToken))
            if (Readable(other) is { } definition && SegmentCatalog.References(definition).Contains(id))
                users.Add(other.Key);
        if (users.Count > 0)
            throw new SegmentInUseException(users);
        // Members of a deleted list leave it; their history stays.
        var now = Now();
        await database.SegmentMembers.Where(m => m.SegmentId == id && m.LeftAt == null)
            .ExecuteUpdateAsync(u => u.SetProperty(m => m.LeftAt, now), cancellationToken);
        database.Segments.Remove(segment);
        await database.SaveChangesAsync(cancellationToken);
        return segment;
    }

    /// <summary>Adds customers to a static segment; those who are in it already stay as they are.</summary>
    public async Task<Segment> AddMembersAsync(Guid id, IReadOnlyList<Guid> customers, Caller caller, CancellationToken cancellationToken)
    {
        var segment = await StaticAsync(id, customers, cancellationToken);
        var asked = (await MergedCustomers.FollowAsync(customers, database, cancellationToken)).Distinct().ToList();
        var visible = await RowRules.Customers(database, caller).Where(c => asked.Contains(c.Id)).Select(c => c.Id).ToListAsync(cancellationToken);
        if (asked.Find(c => !visible.Contains(c)) is var missing && visible.Count < asked.Count)
            throw NotFoundException.Of("customer", missing.ToString());
        var members = await database.SegmentMembers.Where(m => m.SegmentId == id && m.LeftAt == null && asked.Contains(m.CustomerId)).Select(m => m.CustomerId)
            .ToListAsync(cancellationToken);
        var now = Now();
        database.SegmentMembers.AddRange(asked.Except(members).Select(c => new SegmentMember { CustomerId = c, SegmentId = id, JoinedAt = now }));
        await database.SaveChangesAsync(cancellationToken);
        return segment;
    }

    /// <summary>Customers leave a static segment; those who are not in it stay as they are.</summary>
    public async Task<Segment> RemoveMembersAsync(Guid id, IReadOnlyList<Guid> customers, Caller caller, CancellationToken cancellationToken)
    {
        var segment = await StaticAsync(id, customers, cancellationToken);
        var asked = (await MergedCustomers.FollowAsync(customers, database, cancellationToken)).Distinct().ToList();
        var visible = RowRules.Customers(database, caller).Where(c => asked.Contains(c.Id)).Select(c => c.Id);
        var now = Now();
        await database.SegmentMembers.Where(m => m.SegmentId == id && m.LeftAt == null && visible.Contains(m.CustomerId))
            .ExecuteUpdateAsync(u => u.SetProperty(m => m.LeftAt, now), cancellationToken);
        return segment;
    }

    /// <summary>At start: definitions that today's schema no longer understands are flagged, mended ones are unflagged.</summary>
    public async Task FlagBrokenAsync(CancellationToken cancellationToken)
    {
        foreach (var segment in await database.Segments.Where(s => s.Definition != null).ToListAsync(cancellationToken))
        {
            try
            {
                FilterJson.Read(segment.Definition!, FilterType);
                segment.BrokenReason = null;
            }
            catch (GraphQLException e)
            {
                segment.BrokenReason = e.Message;
            }
        }

        await database.SaveChangesAsync(cancellationToken);
    }

    private InputObjectType FilterType => (InputObjectType)schema.Type("CustomerFilterInput")!;

    /// <summary>The definition as text, after it was built and run once against the database.</summary>
    private async Task<string> CheckedAsync(Guid? id, InputObject definition, FilterContext context, CancellationToken cancellationToken)
    {
        try
        {
            await CheckReferencesAsync(id, definition, cancellationToken);
            var condition = await FilterBuilder.BuildAsync<Customer>(definition, context, cancellationToken);
            _ = await database.Customers.Where(condition).Select(c => c.Id).Take(1).ToListAsync(cancellationToken);
            return FilterJson.Write(definition);
        }
        catch (GraphQLException e)
        {
            throw new SegmentInvalidException(e.Error.Code ?? SegmentCodes.Invalid, e.Message);
        }
    }

    /// <summary>A segment inside a segment inside ... at most <see cref="CrmLimits.SegmentNesting"/> deep, this one included, and never itself.</summary>
    private async Task CheckReferencesAsync(Guid? id, InputObject definition, CancellationToken cancellationToken)
    {
        var self = id ?? Guid.Empty;
        var loaded = new Dictionary<Guid, ReadySegment> { [self] = new(self, "this segment", definition) };
        await SegmentCatalog.LoadAsync(database, FilterType, SegmentCatalog.References(definition), loaded, limits, cancellationToken);
        await SegmentCatalog.LoadAsync(database, FilterType, [self], loaded, limits, cancellationToken);
    }

    private InputObject? Readable(Segment segment)
    {
        try
        {
            return FilterJson.Read(segment.Definition!, FilterType);
        }
        catch (GraphQLException)
        {
            return null;
        }
    }

    private async Task<Segment> StaticAsync(Guid id, IReadOnlyList<Guid> customers, CancellationToken cancellationToken)
    {
        var segment = await FindAsync(id, cancellationToken);
        if (segment.Kind != SegmentKind.Static)
            throw new SegmentInvalidException(SegmentCodes.Dynamic, "The members of a dynamic segment follow from its definition; change that.");
        if (customers.Count > limits.BulkRows)
            throw new SegmentInvalidException(SegmentCodes.TooManyCustomers, $"{customers.Count} customers at once; at most {limits.BulkRows} are allowed.");
        return segment;
    }

    private async Task<Segment> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.Segments.SingleOrDefaultAsync(s => s.Id == id, cancellationToken)
            ?? throw NotFoundException.Of("segment", id.ToString(), SegmentCodes.NotFound);

    private void CheckDescription(string? description)
    {
        if (description is not null && (description.Length > limits.TextCharacters || !FoldedText.IsStorable(description)))
            throw new SegmentInvalidException(
                SegmentCodes.Invalid,
                $"A description has at most {limits.TextCharacters} characters, none of them U+0000 or half of a surrogate pair.");
    }

    private static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200 || !FoldedText.IsStorable(name))
            throw new SegmentInvalidException(SegmentCodes.InvalidName, "A segment needs a name of at most 200 characters.");
    }

    private DateTime Now()
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
    }

    private static ConflictException KeyTaken(string key) => new($"There is a segment with the key \"{key}\" already.", "key", SegmentCodes.KeyTaken);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}$")]
    private static partial Regex KeyPattern();
}
