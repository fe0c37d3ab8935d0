using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Goals;

/// <summary>What happened, to be read beside the figures.</summary>
/// <param name="Text">What happened.</param>
/// <param name="StartDay">The first day.</param>
/// <param name="EndDay">The last day; the first one if omitted.</param>
/// <param name="Dimension">The dimension of which it concerns one value, such as CHANNEL; if omitted, it concerns all.</param>
/// <param name="DimensionKey">The key of that value, as in the rows of a metric table.</param>
/// <param name="Segment">The ID of the segment that it concerns, instead of a dimension.</param>
public sealed record AnnotationInput(
    string Text, DateOnly StartDay, DateOnly? EndDay, MetricDimension? Dimension, string? DimensionKey, [property: ID<Segment>] Guid? Segment);

[MutationType]
[Error<ValidationException>, Error<NotFoundException>]
public static class AnnotationMutations
{
    /// <summary>Saves an annotation.</summary>
    /// <param name="annotation">The annotation.</param>
    [Authorize(Roles = [nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static async Task<Annotation> CreateAnnotationAsync(
        AnnotationInput annotation, [Service] CrmDbContext database, [Service] CrmLimits limits, CancellationToken cancellationToken)
    {
        if (await database.Annotations.CountAsync(cancellationToken) >= limits.Annotations)
            throw new ValidationException(GoalCodes.TooMany, $"There are {limits.Annotations} annotations already; delete old ones.", null);
        var row = new Annotation { Id = Guid.CreateVersion7() };
        await FillAsync(row, annotation, database, limits, cancellationToken);
        database.Annotations.Add(row);
        await database.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <summary>Writes an annotation anew. What it was before stays in the history of the database.</summary>
    /// <param name="annotation">The annotation as it is to be.</param>
    [Authorize(Roles = [nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static async Task<Annotation> UpdateAnnotationAsync(
        [ID<Annotation>] Guid id, AnnotationInput annotation, [Service] CrmDbContext database, [Service] CrmLimits limits, CancellationToken cancellationToken)
    {
        var row = await FindAsync(id, database, cancellationToken);
        await FillAsync(row, annotation, database, limits, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <summary>Deletes an annotation.</summary>
    [Authorize(Roles = [nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static async Task<Annotation> DeleteAnnotationAsync([ID<Annotation>] Guid id, [Service] CrmDbContext database, CancellationToken cancellationToken)
    {
        var row = await FindAsync(id, database, cancellationToken);
        database.Annotations.Remove(row);
        await database.SaveChangesAsync(cancellationToken);
        return row;
    }

    private static async Task FillAsync(Annotation row, AnnotationInput input, CrmDbContext database, CrmLimits limits, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(input.Text) || input.Text.Length > limits.TextCharacters || !FoldedText.IsStorable(input.Text))
            throw Invalid($"An annotation needs a text of at most {limits.TextCharacters} characters, none of them U+0000.", "text");
        var end = input.EndDay ?? input.StartDay;
        if (end < input.StartDay || input.StartDay < Periods.Calendar.From || end >= Periods.Calendar.Until)
            throw Invalid("The last day is the first one or a later one, within the years 1900 to 2199.", "endDay");
        if (input.Segment is not null && input.Dimension is not null)
            throw Invalid("An annotation concerns a segment or a value of a dimension, not both.", "segment");
        if (input.Segment is { } segment && !await database.Segments.AnyAsync(s => s.Id == segment, cancellationToken))
            throw NotFoundException.Of("segment", segment.ToString());
        if (input.Dimension is null != input.DimensionKey is null)
            throw Invalid("`dimension` and `dimensionKey` go together: give both or neither.", "dimensionKey");
        if (input.DimensionKey is { } key && (key.Length > limits.TextCharacters || !FoldedText.IsStorable(key)))
            throw Invalid($"A key has at most {limits.TextCharacters} characters, none of them U+0000.", "dimensionKey");
        if (input is { Dimension: { } dimension, DimensionKey: { } of })
            CheckValue(dimension, of);
        (row.Text, row.StartDay, row.EndDay) = (input.Text, input.StartDay, end);
        (row.Dimension, row.DimensionKey) = input.Segment is { } about
            ? (nameof(MetricDimension.Segment), about.ToString())
            : (input.Dimension?.ToString(), input.DimensionKey);
    }

    private static void CheckValue(MetricDimension dimension, string key)
    {
        if (dimension == MetricDimension.Segment)
            throw Invalid("Give the id of a segment in `segment`, instead of a dimension.", "dimension");
        if (!Groups.CanHave(dimension, key))
            throw Invalid($"{SnakeCase.Upper(dimension.ToString())} has no value \"{key}\"; give the `key` of a row's dimension.", "dimensionKey");
    }

    private static async Task<Annotation> FindAsync(Guid id, CrmDbContext database, CancellationToken cancellationToken) =>
        await database.Annotations.SingleOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw NotFoundException.Of("annotation", id.ToString());

    private static ValidationException Invalid(string message, string field) => new(GoalCodes.InvalidAnnotation, message, field);
}
