using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying;

/// <summary>Free attributes as numbers.</summary>
internal static class AttributeNumbers
{
    /// <summary>What is wrong with an attribute of which numbers are asked; null where one of its values is one, and while there are none at all.</summary>
    /// <param name="attributes">Those that the caller may see.</param>
    public static async Task<string?> FaultAsync<T>(IQueryable<T> attributes, string key, CancellationToken cancellationToken) where T : FreeAttribute
    {
        var named = attributes.Where(a => a.Key == key);
        return !await named.AnyAsync(a => a.Number != null, cancellationToken) && await named.AnyAsync(cancellationToken)
            ? $"No value of the attribute \"{key}\" is a number, such as 12 or -3.5."
            : null;
    }
}
