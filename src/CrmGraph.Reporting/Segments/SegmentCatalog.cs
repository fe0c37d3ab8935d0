using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Segments;

/// <summary>A segment that can be evaluated: its definition is read, or it is a kept list (null).</summary>
public sealed record ReadySegment(Guid Id, string Key, InputObject? Definition);

/// <summary>Loads segments with everything that their definitions refer to, so that a condition can be built from memory.</summary>
public static class SegmentCatalog
{
    /// <summary>Adds the segments of these ids, and those that they refer to, to what is loaded already.</summary>
    /// <exception cref="GraphQLException">SEGMENT_NOT_FOUND, SEGMENT_BROKEN, SEGMENT_CYCLE or SEGMENT_TOO_DEEP.</exception>
    public static async Task LoadAsync(
        CrmDbContext database,
        InputObjectType customerFilter,
        IEnumerable<Guid> ids,
        Dictionary<Guid, ReadySegment> loaded,
        CrmLimits limits,
        CancellationToken cancellationToken)
    {
        var roots = ids.Distinct().ToList();
        var missing = roots.Where(id => !loaded.ContainsKey(id)).ToList();
        while (missing.Count > 0)
        {
            var rows = await database.Segments.AsNoTracking().Where(s => missing.Contains(s.Id)).ToListAsync(cancellationToken);
            if (rows.Count < missing.Count)
                throw new GraphQLException(
                    SegmentCodes.NotFound,
                    "A segment that the request or another segment refers to does not exist; list the `segments` to see which do.");
            foreach (var row in rows)
                loaded[row.Id] = Ready(row, customerFilter);
            missing = [.. rows.SelectMany(r => References(loaded[r.Id].Definition)).Distinct().Where(id => !loaded.ContainsKey(id))];
        }

        foreach (var root in roots)
            CheckNesting(root, loaded, [], limits);
    }

    /// <summary>The segments that a definition refers to itself.</summary>
    public static IEnumerable<Guid> References(InputObject? definition)
    {
        if (definition is null)
            yield break;
        foreach (var (name, value) in definition.Fields)
        {
            if (definition.Type.Field(name)?.Tag is SegmentsFilterField field && value is InputObject segments)
            {
                foreach (var id in field.Ids(segments))
                    yield return id;
                continue;
            }

            foreach (var part in FilterBuilder.Parts(value))
                foreach (var id in References(part))
                    yield return id;
        }
    }

    private static ReadySegment Ready(Segment row, InputObjectType customerFilter)
    {
        if (row.Kind == SegmentKind.Static)
            return new(row.Id, row.Key, null);
        try
        {
            return new(row.Id, row.Key, FilterJson.Read(row.Definition!, customerFilter));
        }
        catch (GraphQLException e)
        {
            throw new GraphQLException(SegmentCodes.Broken, $"The definition of segment \"{row.Key}\" can no longer be read: {e.Message} Save it anew.");
        }
    }

    private static void CheckNesting(Guid id, Dictionary<Guid, ReadySegment> loaded, List<Guid> path, CrmLimits limits)
    {
        if (path.Contains(id))
            throw new GraphQLException(SegmentCodes.Cycle, $"Segment \"{loaded[id].Key}\" refers to itself by way of other segments.");
        if (path.Count >= limits.SegmentNesting)
            throw new GraphQLException(
                SegmentCodes.TooDeep,
                $"Segments may refer to segments {limits.SegmentNesting} deep at most; segment \"{loaded[path[0]].Key}\" goes deeper.");
        path.Add(id);
        foreach (var next in References(loaded[id].Definition).Distinct())
            CheckNesting(next, loaded, path, limits);
        path.RemoveAt(path.Count - 1);
    }
}
