using Xunit;

namespace CrmGraph.Reporting.Tests.Access;

/// <summary>Resolvers reach rows through <c>Rows</c>, which applies the caller's rules; a DbSet in a resolver would go around them.</summary>
public sealed class RowsAreTheOnlyDoorTests
{
    [Fact]
    public void No_query_or_field_class_of_an_entity_uses_the_database_itself()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CrmGraph.sln")))
            folder = folder.Parent!;
        var files = new[] { "Customers", "Sales", "Service", "Marketing", "Team" }
            .SelectMany(f => Directory.GetFiles(Path.Combine(folder.FullName, "src", "CrmGraph.Reporting", f), "*.cs"))
            .Select(f => (Name: Path.GetFileName(f), Text: File.ReadAllText(f)))
            .Where(f => f.Text.Contains("[QueryType]", StringComparison.Ordinal) || f.Text.Contains("[ObjectType<", StringComparison.Ordinal))
            .ToList();

        Assert.True(files.Count >= 5);
        Assert.DoesNotContain(files, f => f.Text.Contains("CrmDbContext", StringComparison.Ordinal) || f.Text.Contains("DbSet", StringComparison.Ordinal));
    }
}
