internal import Model

/// Texts of public keys, as `age-keygen -y` prints them and `ssh-keygen` writes them into a .pub file.
enum PublicKey {
    static func canEncrypt(_ text: String) -> Bool {
        text.wholeMatch(of: /age1[a-z0-9]{58}/) != nil || canSign(text)
    }

    /// Whole keys only: what begins with the name of its kind and has the length of one (RFC 4253 §6.6, RFC 8709 §4).
    static func canSign(_ text: String) -> Bool {
        text.wholeMatch(of: /ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+\/]{43}( [^\n\r]*)?/) != nil
            // From 1024 bits on; ssh-keygen itself takes no shorter one.
            || text.wholeMatch(of: /ssh-rsa AAAAB3NzaC1yc2E[A-Za-z0-9+\/]{180,}={0,2}( [^\n\r]*)?/) != nil
    }

    /// With or without the name of the host that signs.
    static func canSignBackups(_ text: String) -> Bool { BackupSigner(text).map { canSign($0.key) } ?? false }
}
