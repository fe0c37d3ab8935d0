namespace CrmGraph.Data.Model;

/// <summary>Sources of outside ids that this program writes itself; a record may not use them.</summary>
public static class ExternalSources
{
    /// <summary>Key: the id of a customer that was merged away. The row's id is the customer that has his facts now.</summary>
    public const string Merged = "crmgraph:merged";
    /// <summary>Key: made of a fact's content, for facts of files without ids.</summary>
    public const string Content = "crmgraph:content";
    /// <summary>What the keys of erased customers begin with.</summary>
    public const string ErasedKeys = "erased:";
    public const string ReservedPrefix = "crmgraph:";
}
