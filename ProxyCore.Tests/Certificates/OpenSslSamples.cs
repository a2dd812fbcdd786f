namespace ProxyCore.Tests.Certificates;

/// <summary>Files as OpenSSL 3.0 writes them, with keys that are used nowhere else.</summary>
internal static class OpenSslSamples
{
    /// <summary>The password of all that is encrypted.</summary>
    internal const string Password = "Pässword";

    /// <summary>The certificate of all keys but those that are named otherwise.</summary>
    internal const string Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBiTCCAS+gAwIBAgIUOuMdJUg2lJeYN41oPyBKv5ujDzAwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOc2FtcGxlLmV4YW1wbGUwIBcNMjYxMTI4MjAzMzM0WhgPMjEy
        NjExMDQyMDMzMzRaMBkxFzAVBgNVBAMMDnNhbXBsZS5leGFtcGxlMFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAE0G63fEBdZko3ypuV0h6QDWV6n+3jpkxbeNlPAAMZ
        ZvSVBvlGe2qtWIBbRiN8iOwawSbLUdnClwE7SSdmthqLpaNTMFEwHQYDVR0OBBYE
        FHaPIAzN8jxkaIwRbFLHWWBUlD6iMB8GA1UdIwQYMBaAFHaPIAzN8jxkaIwRbFLH
        WWBUlD6iMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAMq+p2JP
        yTavLHdIzbr4lhpuyYnGhgcsSL4vGj7ZKgTLAiBW7ZPKY+fEkds3TOvhwIV5pSy6
        /ycDjxZjbKxCTsclLQ==
        -----END CERTIFICATE-----
        """;

    /// <summary><c>openssl pkcs8 -topk8 -nocrypt</c></summary>
    internal const string Pkcs8 = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrNEP3x/CnPO2/jf2
        u/gX4Dp6Y5aIMgETsL0HG9qPFG+hRANCAATQbrd8QF1mSjfKm5XSHpANZXqf7eOm
        TFt42U8AAxlm9JUG+UZ7aq1YgFtGI3yI7BrBJstR2cKXATtJJ2a2Goul
        -----END PRIVATE KEY-----
        """;

    /// <summary><c>openssl ecparam -genkey -noout</c></summary>
    internal const string Traditional = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIKzRD98fwpzztv439rv4F+A6emOWiDIBE7C9BxvajxRvoAoGCCqGSM49
        AwEHoUQDQgAE0G63fEBdZko3ypuV0h6QDWV6n+3jpkxbeNlPAAMZZvSVBvlGe2qt
        WIBbRiN8iOwawSbLUdnClwE7SSdmthqLpQ==
        -----END EC PRIVATE KEY-----
        """;

    /// <summary><c>openssl ec -aes128</c></summary>
    internal const string TraditionalAes128 = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,1C2579AF61F7A8331ABE90897FC8B6E1

        fefTihSzYQ8s9JJmTczii9Y5qQ6aKxEFIzWKbskCepP8qXp+1XMrYxJtITrqVsr0
        Q05EjKRnrzDgyUp5VT7IXDXBUBr41xBJ2GD3+Mtb8LII8B9jrCr1snpc89sStI8u
        GArkwru/Qd1CsqcCFjNUwjxUP3zI9OaYQx70hQtha+c=
        -----END EC PRIVATE KEY-----
        """;

    /// <summary><c>openssl ec -aes192</c></summary>
    internal const string TraditionalAes192 = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-192-CBC,5E5A1DF34F4ECA081C7C68409FA8CF82

        +B5YorQggD+Ecp8ZtKr/DJZtN3TWAOlhQIvTRbkM6WXDslCu73H5Ui86TAtnF/HK
        L1Jq+t8b6ESTIngAdgi4uKnlxoMPIiixmXflvf4QA7y/SIIRrKv4K30nXkowSYuB
        xv5alSp2Hl2UKDpagjJNi2MisG/DctgO2vnY+1ZYsqQ=
        -----END EC PRIVATE KEY-----
        """;

    /// <summary><c>openssl ec -aes256</c></summary>
    internal const string TraditionalAes256 = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,789A5899B329CF726A4E0959BC9E68C1

        RnRCyh3NMMAqM5ythmjtFLgo8Sa4H4rT817vPLSWAyzyKeoumH8dmHuwPJvPcgnz
        zm7HkNIiet1gox9kcDku/Pd0D2Qj6i4NiTQm6HLVcB8/r+o3uEHN+jSsVsSX/6fH
        2gR4apRHfREpUSLgqu+hrY4ply8ennWEwL5ke0lYxHg=
        -----END EC PRIVATE KEY-----
        """;

    /// <summary><c>openssl ec -des3</c></summary>
    internal const string TraditionalTripleDes = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: DES-EDE3-CBC,2954F2F9727D5A92

        P20eyrffJzGSBsi970NGDDUnAUnoNVhKlbflO4t29KFvBfl2/D89l8Im2YH0yXF6
        FcWE6vxI5fmGJnXPGNWFeBFoV/eZEK5LJ0W9Knz5MSEZlFZ9Jg9RiI0SRArmjnBN
        k4kipsmPFKfQgmP908M3jUEVF6W7JUVaczShPqRs4VI=
        -----END EC PRIVATE KEY-----
        """;

    /// <summary><c>openssl ec -camellia256</c></summary>
    internal const string TraditionalCamellia = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: CAMELLIA-256-CBC,56FBAC0415FD5654268528613CFAEC2C

        BYOzyKeH/btsxUVjHAuYK/V9qGqMb4pH/IwgZd3ZQ26ath5dUzXjyfDqEOrbd1+v
        Ij4V7cLr2p7piGaPKqJHma4478swZMMEZhtFRXp3JcofXIuJB+RefTH1tSA94L7v
        G5rVmOpYLNlcpZdW1gJQ9xvuTfApf4BYsEhe2luSRAA=
        -----END EC PRIVATE KEY-----
        """;

    /// <summary><c>openssl pkcs8 -topk8 -v2 aes-256-cbc</c></summary>
    internal const string Pkcs8Aes = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhl2CdDePGN7gICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIb7m0SSYT/Fx+HdoyEIJYoEgZD1
        VA+WF563Iaj+NMmu5/K7Ms06fGXaK7ceT8NR7kkRS95LrvWdq0fg0aNSpCFEj0us
        WQwdrBBKnNHDch8ij1agH2jT8xkIAC9Lxmgyyj5bU6yEfuZpphDX3a+bef562TLv
        IWqI98ssX61aLSKND35QANI1TuDhHRlAVFByx4l4hFNZssEDmyTDj2OHLvkAJU4=
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    /// <summary><c>openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES</c></summary>
    internal const string Pkcs8TripleDes = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGxMBwGCiqGSIb3DQEMAQMwDgQIL+kDH779QgsCAggABIGQk+xa3ZjdA940105F
        AF4qla3wj+huU/8e++c1sMd0EBs1z5roXo+pifCNQYmqxv1XSf9szxkWP1xAYqaw
        ZG20knVOSKCPYNH4OB2se2qgvIAPIii9mX+S9zf0pUlYkl548jP2TYd+WooxVAJr
        KrRJ7vNa6t/By7o1SsIXDd4t8DdPRIC0ZGfcbxXDsvUZfowV
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    /// <summary><c>openssl pkcs8 -topk8 -scrypt</c></summary>
    internal const string Pkcs8Scrypt = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAh0aWjM0dySBwICQAAC
        AQgCAQEwHQYJYIZIAWUDBAEqBBAldjpHFtjw4XWsVVs2fbDJBIGQwiOVE32KE/Yz
        O/lphYL3LQb6mq799e9XmjcUZt2vZl5C4hFSRh+YSeDqW4wwrfrFcsPSFEd7apxU
        U8XFVN03RwW1BL1YZ1594pFv1IMGowGKyWGkxaYLtBzGNhYBiKKZ2JlUiOuhZewX
        mMS/N73wLdGNUQ72/cA+bCTv91IzkwFD/OMytfFHPiEEHRUUd8ls
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    /// <summary>The certificate of the next key.</summary>
    internal const string Ed25519Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBQDCB86ADAgECAhR1qcB5UqBEGvKPPUk1iGL/Z6SdRjAFBgMrZXAwFTETMBEG
        A1UEAwwKZWQuZXhhbXBsZTAgFw0yNjExMjgyMDMzMzRaGA8yMTI2MTEwNDIwMzMz
        NFowFTETMBEGA1UEAwwKZWQuZXhhbXBsZTAqMAUGAytlcAMhAAp5TKiQWH2eGCe/
        x1pXkLUeSmWgZDH37DV1U+unm8kro1MwUTAdBgNVHQ4EFgQUESamXH3pVOigzFFV
        GsigyZYMV2YwHwYDVR0jBBgwFoAUESamXH3pVOigzFFVGsigyZYMV2YwDwYDVR0T
        AQH/BAUwAwEB/zAFBgMrZXADQQDzKbjlagONb8tEBGl16qYPOYJ0fqgEsOWvkxRe
        +zomPRZDXGw/ejA86EZzhPtYlvJPS2NU8zu9t6o77zU2ShAC
        -----END CERTIFICATE-----
        """;

    /// <summary><c>openssl genpkey -algorithm ed25519</c></summary>
    internal const string Ed25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIMgSBkz31dFgrGraVBIQG9UcNS8EmszQHQmgspDaJ8Zp
        -----END PRIVATE KEY-----
        """;

    /// <summary>The certificate of the next key.</summary>
    internal const string RsaCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIDDzCCAfegAwIBAgIUeXmti7M0WrPNDlVMtX9QYuU0J4EwDQYJKoZIhvcNAQEL
        BQAwFjEUMBIGA1UEAwwLcnNhLmV4YW1wbGUwIBcNMjYxMTI4MjAzMzM0WhgPMjEy
        NjExMDQyMDMzMzRaMBYxFDASBgNVBAMMC3JzYS5leGFtcGxlMIIBIjANBgkqhkiG
        9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvDJwKOAeFY7559gjyzqw+TzgIa8hL2iTmKBW
        yhiiveog58NLSb1rYnU9oJmPoNFJQbmFlJUvPeyR4i0wayzZYzgSYS9FJQsCqGAl
        d5jHBvR7e4nyMrO1BNLlDV0A+EBJldirBFuGeJB+01UyMC7F71P3di1LrxIKMV6s
        xi0K9Zth7P20DkIteRXLtwrMgh9CrIbU5JcuwMJWrC4xkH8zWVHXYClK36bxk5ua
        OH1ZH21ys1repp8WY2g6zZ5RwlaUL7kCfp2GLTk3OQzaN1GXaGQeyy+nXCFwOpoJ
        lwvJDqEqiUb4LfDIm4b7jRwLbX1WQszjKno+UyME/Q5jG3gbOQIDAQABo1MwUTAd
        BgNVHQ4EFgQU/hjX8/0XtcgZ+umuTu2H5aJLyaQwHwYDVR0jBBgwFoAU/hjX8/0X
        tcgZ+umuTu2H5aJLyaQwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOC
        AQEAJ9DTeeJg7jpjLf6QF7r5A7LK7T1/+witqs5FqgpClkXaNByusp8g/hmNxJwH
        W/45V380gIO+3nLtFkPw96YP4qpTskvbzJHtNcEkCt3fuoEH1xzyt4RTfem9OXl/
        eQGZhcCr6FSOWIZ1GPf0BMXIZJnjRT0uSBqEpFaU3PrQhp1zYYPR8rBq2OsVZTDY
        n2fjr/lVN5GkvKx8ABsJdTMaOImJgbFK4z/2IGqNWebKECkc0ssQvPsFqlyv520C
        oVqIB+cAlW13L+nwN2SorjkFXCLPzQ9XPcXVCQ2Z9RLGxa4ejoFHk+Lhb8WdQm0B
        J/OtoprLOkRVw40+2RQzB65uqw==
        -----END CERTIFICATE-----
        """;

    /// <summary><c>openssl genrsa -traditional -aes256</c></summary>
    internal const string RsaTraditionalAes256 = """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,470A5189DA407549B798790AD6DB509B

        mXeiEmdYj6/O7pNU9+6chFAF6Wxfu7PdtqgB9MiCNExg+WZkYKRGMKFIDG2OPSX2
        nsHVEvWztkgEDSlDtRiVVcsXtTyHbKCiF3lt6KIg1fjsXWBGpWlwOupCJbm8WYMn
        D+PqVNBFhXEybUdJwe/fjhZhIwJyMGJ3qDOLDxE5xibR8+OJG/fvOpOwMVH+ZERp
        8B6MjBDb3Ol3kjHUr+jvcY2NfPK07vkNQz+NuCOUSiabSz0bCFii5mG2A6rzCds+
        pxErqjW+yaaa0I0cR3kAcu1amUU3omWwxDuQswriCnzzPObUSPkNgZGDSpqifEd6
        wqMLqs4KQoyVMTRo6YlYzBaf3sWZHoU/jXjGhGkB3jx8Ms0dW5TETEh2OTKi0/d2
        kKDbJeHJk5Z6p9R7fFfxFufCVLp+7LDT78GFZUgAjzIRsQSdgu57Gxod/6OJCh+C
        Y+aAXr0stETPJXH3FU06ISL3pVnY+XW2NLPXp7NVZYN03xkdG/IPfznMvZ86H4/h
        V9qMbuE0By/9yX3Ti6OgDovGTEhIOC4PAFFAcPQGmRZuG3fYqPCrBw4QcIwpwmON
        7kaeFC2xNelfB+0Na6loLyv3t9FdV9iONgaRkPHhjLh5N9NO9TxqIo7MwMPLnj38
        2HWNPnjTqjE7B+1edA/BQUZiwv0/z8HH0Ui+lgRK3YeI9bz+MZyjAFEHjEwTMBoY
        NAtM3nQpGlumOQfeDNq5Rbk4iqFzNhExseKYNCMiq9D77JpLSPpdaAaAVo+V5fHX
        X9smNMQJikSWm+SrtEm78OVMkJXUefZk0im17QMQWr6uGFVd3lCRXwagFIaTGE9R
        0WBskPBaStwp1ztYreZSJ9nSyb1my9l8X3n+CUafkKI0oibPlkdIeTUmkLYvvIgA
        7/+sMmVMnOY6TEmUTL40sOF0HtocrfqXize8JH8en9+pw4seGLCxUZH4NAlrWiAx
        wdytfhWvYTU72UJ7n5gS5/OX0cNeX2JfsqruOXor7IIKF3ZqdB7cFs3hM93YP/vX
        RkkqLxAltdFFXf9UDeE9+2inhCJZf6X7vPOLcqpyoAgE7fYcXKPtgaSrg5acUfCG
        dZGjOgRwHBvkpOutgAOokdnwRkfI9kaHJB+Xp95w0izmc3lborN6CduAmfi6Mqxx
        CmPvDzlWo2XACK/tPWYyAiCSf84xGjcg9UIgkVo4gQVzzyz5R4f+UUYRu7WLtUPl
        +nGP4REzJnCsGUZE79hC+Y4zO7zkCzJUL1F7R27g+GJLRMybUsIS4Nxm1pO4IvNu
        4FqRxt4VVexnxNqyxA90s1MCgGkX4DOaXOM4TlAmKG3AhJ4V0pI/+XoViBf7kwpm
        Lev0a9DdAbHk8jigdYIZrfH1rwDM27ZUKD7cEpWzUADHm6mkXaVa4IkYnRLFrs0d
        9ZdzDlMQZoT7Vv70jG4PZFTB+d/QWXQQx07hzy9qF7zISKhMzdgYLQkqyRO0emHp
        mENbKNtjb0SfHBw9pMAm9CYH17mYQkM7nLPhgD2B7ZNsj22KUr8EfDJuCZuQf74H
        Wb/ExpyiPdeKOfXmHNboWxJWNmbsRF1kQ7c/241nW3+AuUpx1mV4SnDwxSO8PxBJ
        -----END RSA PRIVATE KEY-----
        """;

    /// <summary><c>openssl pkcs12 -export</c>, as base64.</summary>
    internal const string Pkcs12 = """
        MIIEHAIBAzCCA9IGCSqGSIb3DQEHAaCCA8MEggO/MIIDuzCCAnIGCSqGSIb3DQEH
        BqCCAmMwggJfAgEAMIICWAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqG
        SIb3DQEFDDAcBAiDxLbSqn2dPQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME
        ASoEEPHZ0tvaxQ0ua0H54P08NUaAggHw01FCK7rYMU3ZbWdxhApzGm3Gv0gL7sL+
        18g528qrw/7h+zCwjXeYVdRElSzUhpb9ET86giusD+MgO/F/70aaOymEJgaQhaXv
        OuERuNdqXoRD91L9snaC+ij/ZcYZ5vbomKvMNQJzZOv80f0zgEE638CsIcruNPnL
        VNdvohrc6N77RjfZQfPsMVT+m2Yqza2zXM0OHzBB8YFA4Pk0H2LRQQSo/XztI11P
        Qc7x0RRcwpUNgZjsV8XLs5mZkunwWAQ2yUv+BGsuoBO/PzcgzGR4NAoLvhgPCdN6
        C3hZrB5bA5hOkoHm9Yybw0DSD4XrGRxnTlR+K76T9K3vfLbo8Vy93nZ2Gghy5zxm
        D/44s8Fbxtm2hjo98ATdYs4BBSv7ckf1PaDKiV0NO45FW+N3fimCn/IE1yLclELn
        h4/AwpA/64NJmDeA7DKxKhcq2GuTfsK3VB+noa+VmNBWLNXft+t5Q2vEfisq9Viq
        cwBsJux3L3ykP6gO5CSiGR3owtcl2YGCntTwQbRlREGEr991stlLO1UWSL9+zWtL
        ZQ+FvCLERUIAGTq6sf64L/SMDYA2J6hhmDhSRCR2txm5raQag/qqp1ICEpR9r2NN
        Ud54GQ4iRWMrFpsrpkZMyy3hJuiEU/VzQx5DCX2vK1BtTEWuFkYcEjCCAUEGCSqG
        SIb3DQEHAaCCATIEggEuMIIBKjCCASYGCyqGSIb3DQEMCgECoIHvMIHsMFcGCSqG
        SIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjubLCek3/olgICCAAwDAYIKoZIhvcN
        AgkFADAdBglghkgBZQMEASoEEBS7hHQn1hFhjC5oKYpMJLQEgZDUHI0rMyM9USsT
        8ka0e1HvKEpKAZUuyLPPd0imnCpcgQ4zFz9ktEmzUTAJA7nHhTG3wh2xz2dj4oQK
        gKPiCocmiCdmdGyAU9Kv++9Zcrnhm/yEUf3HthZ6srH+A9eyuYmEls78uVoIhdeN
        PIYLDodkdjbjPXJUYNh80nCREo+DqkgrJqNYXAzmTPYaO7LwFBsxJTAjBgkqhkiG
        9w0BCRUxFgQU+VfneIcvoFbI9oR4zG/NMJijnRgwQTAxMA0GCWCGSAFlAwQCAQUA
        BCCNXIID4R//hsg8hlSkKHkGfpbQHj4M9ZR0UNkDchoPbQQI7Z+0AgmiQ/MCAggA
        """;

    /// <summary><c>openssl pkcs12 -export -legacy</c>, as base64.</summary>
    internal const string LegacyPkcs12 = """
        MIIDigIBAzCCA1AGCSqGSIb3DQEHAaCCA0EEggM9MIIDOTCCAi8GCSqGSIb3DQEH
        BqCCAiAwggIcAgEAMIICFQYJKoZIhvcNAQcBMBwGCiqGSIb3DQEMAQYwDgQIB4Bi
        RVxYM4cCAggAgIIB6BPJ75+kksx/sNDanzXi7g/02n5AyjbzOnBbWlWzwvHZ+KyH
        qcd7YfTTJvoE8Www5D1qwe9mYQDNdzHowOtcxdVx/J+SFs2UdJu0OANqljtL8qEl
        +hO3D4n+jURM024Fu2BBqg6eALgLOsR/AvOJbbTtN00nrDehnD3XJ3wimJtj1HXX
        dI3hCmADmXfpSVAo3pEkMD7JXhy4rr9f2dfrxLZ1sv5dYJNPFs2KwgYVKe9D8oAe
        309VvszPZYtjoNHeUFGOLwVlD4LB2feXdHDKRZYIFiQOA32H9nBQ3oLAecAlbNh9
        yNiPhY67f8WiW8ZgVliOjsCV2BHu2tidq/0ptYVeAzVOdYm5YWv7cVBF3f6NZ/51
        QNzBxE9DWe0qC3Qp4J8A9HExE2RgZuyJD6XMEH5yfA9/wefihW+r5wihn7/pHz/K
        /RI3gmwIZokUcNWFADRqpl6nMmA96VAMZZNAb3s3G6lsaZ6uH5+Y4Fz3zGuN2K4q
        DCE7lxhpdmrF4YHW2eQXChQtcmHIe1Ad9vOibWOdLwg0fMK0Xgk7rx3VKWj4XglK
        bjH1fFvXQQrL9yQFukOeeEtC9dm6q/lo0qQeE/w4kpFgRBPxPpT12hr+1YJVG6u1
        y39H0sTtyD8lK5HIGfAI4hrqi6YsMIIBAgYJKoZIhvcNAQcBoIH0BIHxMIHuMIHr
        BgsqhkiG9w0BDAoBAqCBtDCBsTAcBgoqhkiG9w0BDAEDMA4ECDhCjrQ0vCK0AgII
        AASBkK18flLVLJowVEE+DC9Squkgv4GGj+BTVp093yBOdPpmIa9Ni9oBHJmOLmdn
        1zwzwdUqcJbf+tSa8c5fG/Gfo8wC5c6WByO2eyhM1fGGpamNI/Gd8xWJTF5c4SZ2
        hd2q47M2iAQFass1X0qreq6p20KTXyTTTmlU3tXxMl4Q4fnRkUocnWwSK31bSzli
        8+t2ozElMCMGCSqGSIb3DQEJFTEWBBT5V+d4hy+gVsj2hHjMb80wmKOdGDAxMCEw
        CQYFKw4DAhoFAAQUzFZAxPayVKQedzJQhZdQLK8ikgwECOF/ZfZcegD3AgIIAA==
        """;

    /// <summary><c>openssl pkcs12 -export -passout pass:</c>, as base64.</summary>
    internal const string Pkcs12WithoutPassword = """
        MIIEHAIBAzCCA9IGCSqGSIb3DQEHAaCCA8MEggO/MIIDuzCCAnIGCSqGSIb3DQEH
        BqCCAmMwggJfAgEAMIICWAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqG
        SIb3DQEFDDAcBAjkPVsfd9KxuAICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME
        ASoEEDq0gg+YVu0Y19E1XgtW3qKAggHwu12FcdhKAh+b3F4OUcZQXi1myHEfE6T8
        c/xMsEFSC04c7BTcQN8DGC8VlqkM6X4bGhFzP/rtzdUFI2qpvOSlVmQTEG3Wt7zD
        CgzUytfh1dx0Lu3Ix3ekJwAjEvkCIhGRX73sXJi8Nm3Vta9eV9Qk1POI8ck14gXc
        HeuSpMRpMDxnzin1PBd0DEVZFtHdlWOD/F/wWKxi9JGN/la45xpvyl7lmqKG4IFE
        lubTYejTtnSp+4YL1E/JmvQL2MBMutFJdiY+6sMX0HeR90tULAjq0yLr+mUwxq0q
        MrFpuprmlTZ6Dgs8dJBzdagsohQ6TKl5Glg4wWa4AXM4GBjYF8poS5gCjwaz1hSU
        HgAdco6D4rSsPqiMtqJWjftMV5t5Bc1ZQSNHPk++iMgO/x9ChIK7bhNtmwoNbRpO
        11z/E4m66c1gpusfBhDvIXKMiustPQcELC1mG/6GyCw5ZFIYP8bpx6cyOma34sW6
        CLsEMVpP6CczwoHJzhQQQrftniBYkY7BE04M5QeV9i5RVGDFs4U7Akyc+pqun7PD
        +pYDF5e/NRmJ3jWanT3Wos4oFm+yolIAOZ1EOkjF32YquJaLvID0oEwTshEmVgAE
        q4g3P9a2mclblnXmDdzh0OraC9lk/5Z6mCJqno5x1MloY9Db4mtyBzCCAUEGCSqG
        SIb3DQEHAaCCATIEggEuMIIBKjCCASYGCyqGSIb3DQEMCgECoIHvMIHsMFcGCSqG
        SIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjcbWwT9k3aqgICCAAwDAYIKoZIhvcN
        AgkFADAdBglghkgBZQMEASoEEE9vxHB4I/syCQkyZwmnPRYEgZD1QsLcfgIstZtW
        4RhySp1d7wGfd9yl6bXCf2hsSWOf+gxMjEZaZy3uuzELGYi6eiJh/l8DojgpQlaH
        5BqvjAvDJ5Bkor7wSCJ4hbpKFMpsHhIaKQFvA5Qe/MCj1Ab7vgjgGq4ySNy/AfDf
        WgwIikk6n99ltmtNfWkrfGFaFOCfC1MeE1RBu35nn5M+urWiClIxJTAjBgkqhkiG
        9w0BCRUxFgQU+VfneIcvoFbI9oR4zG/NMJijnRgwQTAxMA0GCWCGSAFlAwQCAQUA
        BCCZcrxDnTUqmK8oddPJ++n1U0b0Q21GDpNbdkznuEScFQQIa8TpE9ckTMQCAggA
        """;
}
