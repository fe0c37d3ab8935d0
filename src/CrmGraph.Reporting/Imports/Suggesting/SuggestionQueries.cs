using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>A file for which a map is wanted.</summary>
public sealed record ImportFileInput
{
    /// <summary>The first bytes of the file in Base64, as they are (gzip stays gzip): at most 65,536 of them.</summary>
    public required string Head { get; init; }
    /// <summary>The name of the file; it says something about what is in it.</summary>
    public string? Name { get; init; }
    /// <summary>The name of the system that the IDs in the file belong to.</summary>
    [DefaultValue("\"import\"")] public string Source { get; init; } = "import";
    /// <summary>Columns that become what the caller says. The map is then made for the file even if a ready one fits.</summary>
    public IReadOnlyList<ImportColumnChoiceInput>? Choices { get; init; }
    /// <summary>Makes a map for the file even if a ready one fits.</summary>
    [DefaultValue("false")] public bool IgnoreReadyMaps { get; init; }
}

/// <summary>What a column of a file becomes.</summary>
public sealed record ImportColumnChoiceInput
{
    /// <summary>The place of the column, counted from 1.</summary>
    public required int Column { get; init; }
    /// <summary>The field, as in `targets`; null leaves the column out.</summary>
    public string? Target { get; init; }
}

[QueryType]
public static class SuggestionQueries
{
    private const int SourceCharacters = 100;

    /// <summary>
    /// Suggests a map for importing a file, from its headers and first rows. Nothing is written: look the map through, try it with `POST /import?dryRun=true`,
    /// then import.
    /// </summary>
    /// <param name="file">The beginning of the file, and what is known of it.</param>
    [Authorize(Roles = [nameof(Role.Administrator)]), Cost(QueryCosts.Count)]
    public static async Task<ImportMapSuggestion> GetImportMapSuggestionAsync(ImportFileInput file, ResolverContext context)
    {
        var currency = await context.Services.GetRequiredService<CrmDbContext>().Settings.Select(s => s.Currency).SingleAsync(context.CancellationToken);
        if (file.Source.Length is 0 or > SourceCharacters || file.Source.Any(char.IsControl))
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"`source` is a name of 1 to {SourceCharacters} characters such as shop.");
        var chosen = new Dictionary<int, string>();
        foreach (var choice in file.Choices ?? [])
            if (!chosen.TryAdd(choice.Column - 1, choice.Target ?? ""))
                throw new GraphQLException(ErrorCodes.InvalidArgument, $"There are two choices for column {choice.Column}.");
        try
        {
            return await MapSuggester.SuggestAsync(
                new(Bytes(file.Head), file.Name, file.Source, currency) { Chosen = chosen, IgnoresReadyMaps = file.IgnoreReadyMaps },
                context.CancellationToken);
        }
        catch (ImportException e)
        {
            throw new GraphQLException(e.Code, e.Message);
        }
    }

    private static byte[] Bytes(string head)
    {
        try
        {
            return Convert.FromBase64String(head);
        }
        catch (FormatException)
        {
            throw new GraphQLException(ErrorCodes.InvalidArgument, "`head` is Base64: letters, digits, + and /, padded with =.");
        }
    }
}
