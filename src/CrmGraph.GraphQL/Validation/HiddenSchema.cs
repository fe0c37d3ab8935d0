using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation;

/// <summary>
/// What a caller may learn of the schema beyond what he knows. The host puts it into the <see cref="RequestState"/> of callers to whom the schema is not
/// shown: they get no introspection, and errors that suggest no names. Without it the schema is open.
/// </summary>
public sealed class HiddenSchema;
