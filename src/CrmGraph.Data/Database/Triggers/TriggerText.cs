using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace CrmGraph.Data.Database.Triggers;

/// <summary>
/// The functions and triggers by which a database keeps right what is counted or copied, whoever writes. Unlike migrations their text is the present one:
/// it can be run again at any time, and is run when it is not what the database was last given.
/// </summary>
internal sealed record TriggerText(string Sql)
{
    /// <summary>The number under which the table of migrations keeps the hash.</summary>
    public const int Number = 0;

    private const string Folder = "CrmGraph.Data.Database.Triggers.";

    /// <summary>SHA-256 of the text with line feeds only.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The files of one engine, in the order of their names.</summary>
    public static string Files(string suffix)
    {
        var assembly = typeof(TriggerText).Assembly;
        var names = assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith($".{suffix}.sql", StringComparison.Ordinal));
        return string.Join('\n', names.Order(StringComparer.Ordinal).Select(n => Read(assembly, n)));
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
