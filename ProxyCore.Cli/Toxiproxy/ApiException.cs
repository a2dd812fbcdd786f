using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>A request fails: the status and the text of its answer. The texts are toxiproxy's, by which its clients know them.</summary>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    internal int Status => status;

    internal static ApiException BadBody(string cause) => BadRequest($"bad request body: {cause}");

    internal static ApiException MissingField(string field) => BadRequest($"missing required field: {field}");

    internal static ApiException BadAttribute(string cause) => BadRequest($"invalid attribute {cause}");

    internal static ApiException BadUpstream(string cause) => BadRequest($"invalid upstream: {cause}");

    internal static ApiException BadStream() => BadRequest("stream was invalid, can be either upstream or downstream");

    internal static ApiException BadType() => BadRequest("invalid toxic type");

    internal static ApiException NoProxy() => new(StatusCodes.Status404NotFound, "proxy not found");

    internal static ApiException NoToxic() => new(StatusCodes.Status404NotFound, "toxic not found");

    internal static ApiException ProxyExists() => new(StatusCodes.Status409Conflict, "proxy already exists");

    internal static ApiException ToxicExists() => new(StatusCodes.Status409Conflict, "toxic already exists");

    /// <summary>Something that the system or a limit refuses.</summary>
    internal static ApiException Failed(string cause) => new(StatusCodes.Status500InternalServerError, cause);

    /// <summary>Another request holds the proxy for too long.</summary>
    internal static ApiException Busy() => new(StatusCodes.Status503ServiceUnavailable, "another change of the proxy takes too long");

    /// <summary>The same, with the place in a list of proxies.</summary>
    internal ApiException At(string place) => new(status, $"{Message} at {place}");

    private static ApiException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);
}
