namespace ProxyCore.Settings;

/// <summary>Reads the endpoints of options. Null stands for one that has a mistake.</summary>
internal sealed class EndpointReader(ValidationErrors errors)
{
    internal ProxyEndpoint? ReadListen(string? text, string path)
    {
        ProxyEndpoint? endpoint = Read(text, path);
        errors.Require(
            endpoint?.Kind != ProxyEndpointKind.Name,
            path,
            $"'{endpoint}' is a name: listen on an address, localhost:PORT, *:PORT or unix:/path");
        return endpoint;
    }

    internal ProxyEndpoint? ReadUpstream(string? text, string path)
    {
        ProxyEndpoint? endpoint = Read(text, path);
        errors.Require(
            endpoint?.Kind != ProxyEndpointKind.Any,
            path,
            $"'{endpoint}' is every address: an upstream needs one to connect to");
        errors.Require(
            endpoint is not { Port: 0, Kind: not ProxyEndpointKind.UnixSocket },
            path,
            $"'{endpoint}' has port 0: an upstream needs a port from 1 to 65535");
        return endpoint;
    }

    private ProxyEndpoint? Read(string? text, string path)
    {
        if (!ProxyEndpoint.TryParse(text, out ProxyEndpoint? endpoint, out string? error))
        {
            errors.Require(false, path, error);
        }

        return endpoint;
    }
}
