using System.Text.RegularExpressions;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>Whoever reads the schema in an explorer sees nothing but its descriptions: each element has one, and it speaks of the graph.</summary>
public sealed partial class SchemaDescriptionTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();
    private static readonly HashSet<string> Names = [.. Schema.Types.Select(t => t.Name), "GraphQL"];

    [Fact]
    public void Every_element_of_the_schema_has_a_description() =>
        None(Elements().Where(e => string.IsNullOrWhiteSpace(e.Description)));

    [Fact]
    public void Every_description_is_a_sentence() =>
        None(Elements().Where(e => e.Description is { } text && !(Begins().IsMatch(text) && text.EndsWith('.'))));

    [Fact]
    public void No_description_tells_of_the_code_or_of_requirements() =>
        None(Elements().Where(e => e.Description is { } text
            && (CSharpNames().Matches(text).Any(m => !Names.Contains(m.Value)) || Leftovers().IsMatch(text))));

    private static void None(IEnumerable<Element> wrong)
    {
        var lines = wrong.Select(e => $"{e.Coordinate}: {e.Description}").ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    private static IEnumerable<Element> Elements() => Schema.Types.Where(t => !t.Name.StartsWith("__", StringComparison.Ordinal)).SelectMany(Elements)
        .Concat(Schema.Directives.SelectMany(d => d.Arguments.Select(a => new Element($"@{d.Name}({a.Name}:)", a.Description))
            .Prepend(new($"@{d.Name}", d.Description))));

    private static IEnumerable<Element> Elements(NamedType type) => Parts(type).Prepend(new(type.Name, type.Description));

    private static IEnumerable<Element> Parts(NamedType type) => type switch
    {
        FieldsType t => t.Fields.SelectMany(f => f.Arguments.Select(a => new Element($"{t.Name}.{f.Name}({a.Name}:)", a.Description))
            .Prepend(new($"{t.Name}.{f.Name}", f.Description))),
        EnumType t => t.Values.Select(v => new Element($"{t.Name}.{v.Name}", v.Description)),
        InputObjectType t => t.Fields.Select(f => new Element($"{t.Name}.{f.Name}", f.Description)),
        _ => [],
    };

    private sealed record Element(string Coordinate, string? Description);

    [GeneratedRegex("^[A-Z`]")]
    private static partial Regex Begins();

    /// <summary>Two words in one, the first of them capital: a type or member of the code unless it is a type of the graph.</summary>
    [GeneratedRegex(@"\b[A-Z][a-z0-9]+[A-Z]\w*")]
    private static partial Regex CSharpNames();

    /// <summary>Numbers of requirements, XML, generic brackets, and a developer's notes.</summary>
    [GeneratedRegex(@"\bR\d+\b|</?\w+|\bcref\b|\b[TPMF]:\w|`\d\b|\b(TO[D]O|FIX[M]E|Definitions/|\w+\.cs)\b")]
    private static partial Regex Leftovers();
}
