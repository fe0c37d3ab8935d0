using System.Globalization;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>Reads the lookups of a map's fields; equal ones share a table.</summary>
internal sealed class LookupParser(MapErrors errors)
{
    private static readonly Dictionary<string, bool> OnMissing = new(StringComparer.Ordinal) { ["refuse"] = false, ["empty"] = true };

    private readonly List<LookupDefinition> _lookups = [];

    public IReadOnlyList<LookupDefinition> Lookups => _lookups;

    /// <param name="mapSource">The system of outside ids that name none.</param>
    /// <param name="mapCurrency">The currency of the map's money.</param>
    public LookupStep? Read(MappingReader field, string mapSource, string? mapCurrency)
    {
        if (field.Mapping("lookup") is not { } lookup)
            return null;
        var ignoresMissing = lookup.Choice("missing", OnMissing) ?? false;
        LookupDefinition? definition = lookup.Has("stored") ? ReadStored(lookup, mapSource, mapCurrency) : ReadFile(lookup);
        lookup.Finish("'lookup'");
        return definition is null ? null : new LookupStep(TableOf(definition), definition, !ignoresMissing);
    }

    private FileLookup? ReadFile(MappingReader lookup)
    {
        var (file, key, value) = (lookup.Text("file"), lookup.Find("key"), lookup.Find("value"));
        if (string.IsNullOrWhiteSpace(file) || file.AsSpan().ContainsAny('/', '\\') || file.StartsWith('.'))
            errors.Add(
                lookup.Find("file") ?? lookup.Node,
                "'lookup' needs 'file', the name of a file without a folder: 'file: prices.csv', or 'stored: product'");
        else if (key is not ScalarNode { Text.Length: > 0 } keyColumn || value is not ScalarNode { Text.Length: > 0 } valueColumn)
            errors.Add(lookup.Node, $"'lookup' needs 'key' and 'value', two columns of {file}: the one that is searched, and the one that is taken");
        else
            return new FileLookup(file, Column(keyColumn), Column(valueColumn));
        return null;
    }

    private StoredLookup? ReadStored(MappingReader lookup, string mapSource, string? mapCurrency)
    {
        if (lookup.Choice("stored", StoredFields.Kinds) is not { } kind)
            return null;
        var (keys, values) = (StoredFields.KeysOf(kind), StoredFields.ValuesOf(kind));
        if (!lookup.Has("key") || !lookup.Has("value"))
            errors.Add(
                lookup.Node,
                $"'lookup' needs 'key' (one of {string.Join(", ", keys)}) and 'value' (one of {string.Join(", ", values)}) of the stored row");
        var (key, value) = (lookup.ChoiceName("key", keys), lookup.ChoiceName("value", values));
        var (source, currency) = (key == StoredFields.OutsideId ? lookup.Text("source") : null, value == StoredFields.Price ? lookup.Text("currency") : null);
        if (currency is not null && CurrencyCodes.Find(currency) is null)
            errors.Add(lookup.Find("currency")!, $"'{currency}' is not a currency; give a code of ISO 4217 such as EUR or CNY");
        return key is null || value is null ? null
            : new StoredLookup(kind, key, source ?? mapSource, value, value == StoredFields.Price ? CurrencyCodes.Find(currency ?? mapCurrency) : null);
    }

    private int TableOf(LookupDefinition lookup)
    {
        var known = _lookups.FindIndex(other => other is FileLookup file && lookup is FileLookup same ? file.IsAs(same) : other == lookup);
        if (known >= 0)
            return known;
        _lookups.Add(lookup);
        return _lookups.Count - 1;
    }

    private static ColumnReference Column(ScalarNode name) =>
        !name.IsQuoted && int.TryParse(name.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position > 0
            ? new ColumnReference([], position, false, null)
            : new ColumnReference([name.Text.Trim()], 0, false, null);
}
