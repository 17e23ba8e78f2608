/// Options of rclone's remotes that a plan may write, by type.
///
/// None of them names a command, a file of the host or another remote: whoever can push would have the rights of rclone with
/// it. A remote that needs such an option is the host owner's, who names it in the configuration.
public enum RemoteOptions {
    public static let accepted: [String: Set<String>] = written.mapValues { text in
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static let written = [
        "azureblob": """
        access_tier account archive_tier_delete chunk_size disable_checksum endpoint key list_chunk sas_url
        upload_concurrency
        """,
        "b2": "account chunk_size copy_cutoff disable_checksum endpoint hard_delete key upload_cutoff",
        "ftp": """
        concurrency disable_epsv disable_mlsd disable_tls13 disable_utf8 explicit_tls host idle_timeout pass port tls
        user writing_mdtm
        """,
        "s3": """
        access_key_id acl bucket_acl chunk_size copy_cutoff disable_checksum disable_http2 endpoint force_path_style
        list_chunk list_url_encode list_version location_constraint no_check_bucket no_head provider region
        requester_pays secret_access_key server_side_encryption session_token sse_customer_algorithm
        sse_customer_key sse_customer_key_base64 sse_customer_key_md5 sse_kms_key_id storage_class
        upload_concurrency upload_cutoff use_accelerate_endpoint use_multipart_etag v2_auth
        """,
        "sftp": """
        chunk_size concurrency disable_hashcheck host idle_timeout key_file_pass key_pem pass port
        use_insecure_cipher user
        """,
        "smb": "case_insensitive domain host idle_timeout pass port user",
        "swift": """
        application_credential_id application_credential_name application_credential_secret auth auth_token
        auth_version chunk_size domain endpoint_type key no_large_objects region storage_policy storage_url tenant
        tenant_domain tenant_id user user_id
        """,
        "webdav": "bearer_token pass url user vendor",
    ]

    /// Those of them that open a storage.
    package static let credentials: Set = [
        "application_credential_secret", "auth_token", "bearer_token", "key", "key_file_pass", "key_pem", "pass",
        "sas_url",
        "secret_access_key", "session_token", "sse_customer_key", "sse_customer_key_base64",
    ]

    /// The option without which rclone does nothing on a remote of `type`, and says only that its "input is too short".
    public static func needed(of type: String) -> String? { type == "ftp" ? "pass" : nil }

    /// What to write for it.
    public static let neededHint =
        "add for example \"pass\": \"${secret:storage}\"; a server that is open to all takes any text"

    /// What is wrong with the options `names` of a remote of `type`, by the name of the option; `type` among them.
    package static func problems(
        type: String, names: some Sequence<String>
    ) -> [(option: String, message: String, hint: String)] {
        guard let options = accepted[type] else {
            let types = accepted.keys.sorted()
            let closest = Suggestion.closest(to: type, among: types)
            return [
                (
                    "type", "a remote of type '\(type)' is not for a plan",
                    (closest.map { "did you mean '\($0)'? " } ?? "")
                        + "the types are \(types.quotedList); \(ownersRemote)"
                )
            ]
        }
        return names.filter { $0 != "type" && !options.contains($0) }.sorted().map { name in
            let closest = Suggestion.closest(to: name, among: options.sorted())
            return (
                name, "option '\(name)' of a remote of type '\(type)' is not for a plan",
                (closest.map { "did you mean '\($0)'? else " } ?? "") + ownersRemote
            )
        }
    }

    private static let ownersRemote =
        "let the owner of the host name the remote in its configuration, \"remotes\": {\"NAME\": {\"type\": …}}, and write "
        + "\"remote\": \"NAME\" in place of 'rclone'"
}
