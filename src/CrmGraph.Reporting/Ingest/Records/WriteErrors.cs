namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>Refusals of single records as the typed errors that mutations throw.</summary>
internal static class WriteErrors
{
    public static Exception ToException(this Refusal refusal) => refusal.Code switch
    {
        RefusalCodes.NotFound or RefusalCodes.ReferenceNotFound => new NotFoundException(refusal.Message, refusal.Field, refusal.Code),
        RefusalCodes.Conflict or RefusalCodes.Erased => new ConflictException(refusal.Message, refusal.Field, refusal.Code),
        RefusalCodes.NotPermitted => new NotPermittedException(refusal.Message, refusal.Field),
        _ => new ValidationException(refusal.Code, refusal.Message, refusal.Field),
    };
}
