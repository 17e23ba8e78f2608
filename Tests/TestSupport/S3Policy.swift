/// What the owner of a bucket lets a VSN do: put, get and list below its own name, and look at locks. What a VSN puts is
/// its own, so the owner may do what the locks allow only because this says so.
enum S3Policy {
    /// `forbidden`: actions that a VSN must not do, though a backup needs them; not even with what is its own.
    static func text(bucket: String, vsns: [String], without forbidden: Set<String> = []) -> String {
        let statements =
            vsns.flatMap { vsn in
                let objects = "\(bucket)/\(vsn)/*"
                let allowed = [statement(vsn, bucketActions, bucket), statement(vsn, objectActions, objects)]
                return forbidden.isEmpty
                    ? allowed : allowed + [statement(vsn, forbidden.sorted(), objects, effect: "Deny")]
            } + [statement("owner", ["*"], "\(bucket)/*")]
        return #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    private static let bucketActions = [
        "ListBucket", "ListBucketVersions", "GetBucketLocation", "GetBucketObjectLockConfiguration",
    ]
    private static let objectActions = [
        "PutObject", "GetObject", "GetObjectVersion", "GetObjectRetention", "AbortMultipartUpload",
        "ListMultipartUploadParts",
    ]

    private static func statement(
        _ vsn: String, _ actions: [String], _ resource: String, effect: String = "Allow"
    ) -> String {
        let actions = actions.map { #""s3:\#($0)""# }.joined(separator: ",")
        return #"""
            {"Effect":"\#(effect)","Principal":{"AWS":["arn:aws:iam:::user/\#(vsn)"]},"Action":[\#(actions)],\#
            "Resource":["arn:aws:s3:::\#(resource)"]}
            """#
    }
}
