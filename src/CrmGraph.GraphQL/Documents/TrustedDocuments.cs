using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace CrmGraph.GraphQL.Documents;

/// <summary>Documents that the server has from its operator: clients name them by id or by the SHA-256 of their text, in lower-case hexadecimal.</summary>
public sealed class TrustedDocuments
{
    private readonly Dictionary<string, string> _textOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <param name="isExclusive">Only these documents are executed; a request may still send the text of one of them.</param>
    public TrustedDocuments(IEnumerable<(string Id, string Text)> documents, bool isExclusive)
    {
        IsExclusive = isExclusive;
        foreach (var (id, text) in documents)
        {
            _textOf[id] = text;
            // A file ends with a line break that the client's copy may lack.
            foreach (var form in new[] { text, text.Trim() })
            {
                _texts.Add(form);
                _textOf[HashOf(form)] = form;
            }
        }
    }

    public static TrustedDocuments None { get; } = new([], false);

    public bool IsExclusive { get; }

    /// <param name="name">An id, or a hash with or without <c>sha256:</c> before it.</param>
    public bool TryFind(string name, [MaybeNullWhen(false)] out string text) =>
        _textOf.TryGetValue(name, out text)
            || (name.StartsWith("sha256:", StringComparison.Ordinal) && _textOf.TryGetValue(name[7..].ToLowerInvariant(), out text));

    public bool Has(string text) => _texts.Contains(text);

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
