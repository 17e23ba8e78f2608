/// A certificate for the host `localhost` from a certificate authority of its own.
/// It is for a name, because mbedTLS, and with it the libgit2 of Debian 12, does not find addresses in certificates.
public struct ServerCertificates: Sendable {
    /// The certificate of the authority, to be trusted by clients.
    public let authority: String
    public let certificate: String
    public let key: String

    /// Made in `scratch`.
    public init(in scratch: Scratch) throws {
        let path = scratch.path
        let new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        let authority = ["-x509", "-days", "30", "-subj", "/CN=test authority", "-keyout", "\(path)/ca.key"]
        try TestProgram("openssl", ["req"] + new + authority + ["-out", "\(path)/ca.crt"]).run()
        let server = ["-subj", "/CN=localhost", "-keyout", "\(path)/server.key", "-out", "\(path)/server.csr"]
        try TestProgram("openssl", ["req"] + new + server).run()
        let names = try scratch.write(
            "subjectAltName=DNS:localhost,DNS:\(WebProxyFixture.hiddenName)\n", to: "names")
        let signing = ["-CA", "\(path)/ca.crt", "-CAkey", "\(path)/ca.key", "-CAcreateserial", "-days", "30"]
        let files = ["-in", "\(path)/server.csr", "-out", "\(path)/server.crt", "-extfile", names]
        try TestProgram("openssl", ["x509", "-req"] + files + signing).run()
        self.authority = "\(path)/ca.crt"
        certificate = "\(path)/server.crt"
        key = "\(path)/server.key"
    }
}
